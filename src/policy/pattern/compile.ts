import { RE2JS } from 're2js';
import { Alphabet } from './alphabet.ts';
import { EMPTY_TEXT, emitRe2, PLAIN } from './emit-re2.ts';
import { matchChain } from './match-chain.ts';
import { matchesEverything } from './matches-everything.ts';
import { parsePattern } from './parse-pattern.ts';
import { patternCost } from './pattern-cost.ts';
import { PatternError } from './pattern-error.ts';
import { type PatternShape, shapeOf } from './pattern-shape.ts';
import { checkProgramSize, mayGrow } from './program-size.ts';
import { statesKeepGrowing } from './state-growth.ts';
import type { SyntaxNode } from './syntax-tree.ts';
import { hasNonAscii, TextView } from './text-view.ts';
import { factsOf, type TreeFacts } from './tree-facts.ts';

/** Memory that the states of one program may take, in bytes; above it they are forgotten and built again. */
const STATE_MEMORY = 1 << 20;

/** Where a match is, in UTF-16 units; `end` is exclusive. */
export interface MatchSpan {
  readonly start: number;
  readonly end: number;
}

/** A Python pattern, ready to match in time linear in the text. */
export interface CompiledPattern {
  /** The pattern as written. */
  readonly source: string;
  /** The pattern in RE2 syntax. */
  readonly translated: string;
  /** The text, if the pattern is a plain one: it matches where that text occurs. */
  readonly literal: string | null;
  /** The text, if the pattern is a plain one anchored at both ends (`^npm ci && npm test$`). */
  readonly exact: string | null;
  /** Whether the pattern is seen to match every text (`''`, `.*`, `^`). */
  readonly matchesEverything: boolean;
  /** What is known of it without running it. */
  readonly shape: PatternShape;
  /** The most that one character of a long text costs, see `patternCost`. */
  readonly cost: number;
  /** Builds the automaton now, if matching needs one, so that the first text does not wait for it. */
  prepare(): void;
  /** Whether the pattern occurs in `text`, as `re.search(source, text) is not None`. */
  test(text: string): boolean;
  /** The same on a text that many patterns look at. */
  testView(view: TextView): boolean;
  /** The leftmost match, as `re.search(source, text).span()`; null if there is none. */
  find(text: string): MatchSpan | null;
  /** Every match from left to right, as `re.finditer(source, text)`. Each step may read the text to its end. */
  matches(text: string): Generator<MatchSpan>;
}

/**
 * Compiles a Python `re` pattern. Everything that can be wrong with it is found here: throws `PatternError`.
 * Automata are built when they are first needed, or by `prepare`.
 */
export function compilePattern(source: string): CompiledPattern {
  const tree = parsePattern(source);
  const shape = shapeOf(tree);
  checkProgramSize(tree, source, shape.chain !== null);
  const facts = factsOf(tree);
  checkAssertions(source, tree, facts);
  const pattern = new Pattern(source, tree, shape, facts);
  if (shape.chain === null && !pattern.matchesEverything && mayGrow(tree) && pattern.grows()) {
    const hint = 'use `*` or `+`, lower the counts, or anchor the pattern with `^`';
    const what = 'counted repeats unroll to ever new states, so matching would be slow';
    throw new PatternError(`${what}: ${hint}`, 0, source.length, hint);
  }
  return pattern;
}

/** What neither RE2 nor a rewritten pattern can say. */
function checkAssertions(source: string, tree: SyntaxNode, facts: TreeFacts): void {
  const refuse = (what: string, hint: string): never => {
    throw new PatternError(`${what}: ${hint}`, 0, source.length, hint);
  };
  if (facts.lineAssertion && facts.dollar) {
    refuse('`$` with and without the `m` flag in one pattern is not supported', 'write two rules');
  }
  if (facts.unicodeBoundary && facts.asciiBoundary) {
    refuse('`\\b` with and without the `a` flag in one pattern is not supported', 'write two rules');
  }
  const boundary = facts.unicodeBoundary || (facts.asciiBoundary && facts.dollar);
  if (boundary && facts.edges > 50 && !new Alphabet(tree, facts).fits) {
    refuse('the pattern tells too many letters apart to be used with `\\b`', 'write two rules');
  }
}

class Pattern implements CompiledPattern {
  readonly source: string;
  readonly shape: PatternShape;
  readonly matchesEverything: boolean;
  readonly #tree: SyntaxNode;
  readonly #facts: TreeFacts;
  #cost: number | null = null;
  #translated: string | null = null;
  #plain: RE2JS | null = null;
  #onEmpty: RE2JS | null = null;
  #rewritten: RE2JS | null = null;
  #alphabet: Alphabet | null = null;

  constructor(source: string, tree: SyntaxNode, shape: PatternShape, facts: TreeFacts) {
    this.source = source;
    this.shape = shape;
    this.matchesEverything = matchesEverything(tree);
    this.#tree = tree;
    this.#facts = facts;
  }

  get translated(): string {
    this.#translated ??= emitRe2(this.#tree, PLAIN);
    return this.#translated;
  }

  get literal(): string | null {
    return this.shape.literal;
  }

  get exact(): string | null {
    return this.shape.exact;
  }

  get cost(): number {
    this.#cost ??= this.matchesEverything ? 0 : patternCost(this.shape);
    return this.#cost;
  }

  /** Whether the automaton never has all its states. */
  grows(): boolean {
    return statesKeepGrowing(this.#programFor(' '));
  }

  prepare(): void {
    if (this.shape.chain === null && !this.matchesEverything) this.#programFor(' ');
  }

  test(text: string): boolean {
    const { literal, chain } = this.shape;
    if (literal !== null) return text.includes(literal);
    if (chain !== null) return matchChain(chain, new TextView(text));
    return this.matchesEverything || this.#run(text);
  }

  testView(view: TextView): boolean {
    const { chain, outline } = this.shape;
    if (chain !== null) return matchChain(chain, view);
    if (this.matchesEverything) return true;
    return (outline === null || matchChain(outline, view)) && this.#run(view.text);
  }

  find(text: string): MatchSpan | null {
    const { literal } = this.shape;
    if (literal !== null) {
      const start = text.indexOf(literal);
      return start < 0 ? null : { start, end: start + literal.length };
    }
    return this.matches(text).next().value ?? null;
  }

  *matches(text: string): Generator<MatchSpan, undefined> {
    if (this.#boundaryBeyondAscii(text) || (this.#facts.dollar && text.endsWith('\n'))) {
      const [program, alphabet] = this.#rewrittenProgram();
      const rewritten = alphabet.rewrite(text);
      for (const { start, end } of spansOf(program, rewritten.text)) {
        yield { start: rewritten.offsets[start] ?? 0, end: rewritten.offsets[end] ?? text.length };
      }
    } else yield* spansOf(this.#programFor(text), text);
  }

  #run(text: string): boolean {
    if (this.#boundaryBeyondAscii(text) || (this.#facts.innerDollar && text.endsWith('\n'))) {
      const [program, alphabet] = this.#rewrittenProgram();
      return program.test(alphabet.rewrite(text).text);
    }
    return this.#programFor(text).test(text);
  }

  #boundaryBeyondAscii(text: string): boolean {
    return this.#facts.unicodeBoundary && hasNonAscii(text);
  }

  #programFor(text: string): RE2JS {
    if (text === '' && this.#facts.notBoundary) {
      this.#onEmpty ??= compileRe2(emitRe2(this.#tree, EMPTY_TEXT));
      return this.#onEmpty;
    }
    this.#plain ??= compileRe2(this.translated);
    return this.#plain;
  }

  #rewrittenProgram(): readonly [RE2JS, Alphabet] {
    this.#alphabet ??= new Alphabet(this.#tree, this.#facts);
    this.#rewritten ??= compileRe2(emitRe2(this.#tree, this.#alphabet.dialect));
    return [this.#rewritten, this.#alphabet];
  }
}

function compileRe2(source: string): RE2JS {
  const program = RE2JS.compile(source);
  const states = program.re2().dfa;
  states.maxMem = STATE_MEMORY;
  states.stateBudget = STATE_MEMORY;
  states.memBudget = Math.min(states.memBudget, STATE_MEMORY);
  return program;
}

function* spansOf(program: RE2JS, text: string): Generator<MatchSpan> {
  const matcher = program.matcher(text);
  while (matcher.find()) yield { start: matcher.start(), end: matcher.end() };
}
