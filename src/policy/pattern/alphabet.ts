import { type CharSet, charSet, contains, NONE } from './char-set.ts';
import { ASCII_WORD, caseGroup, wordSet } from './code-points.ts';
import type { Dialect } from './emit-re2.ts';
import type { CharNode, SyntaxNode } from './syntax-tree.ts';
import type { TreeFacts } from './tree-facts.ts';

const NEWLINE: CharSet = Object.freeze([0x0a, 0x0a]);
const WORD_STAND_INS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';
const FIRST_OTHER_STAND_IN = 0xe000;

/** A text rewritten in stand-ins. `offsets[i]` is where character `i` began; the last entry is the end. */
export interface RewrittenText {
  readonly text: string;
  readonly offsets: readonly number[];
}

/**
 * The characters that a pattern can tell apart, each kind with one stand-in.
 *
 * RE2 cannot say two things that Python says: `\b` between letters beyond ASCII, and `$` before a final newline
 * in the middle of a pattern. A pattern tells only a few kinds of characters apart, so pattern and text are
 * rewritten: kinds of letters become ASCII letters, for which RE2's `\b` is right, and only the final newline
 * stays a newline, for which RE2's multi-line `$` is right.
 */
export class Alphabet {
  /** Whether there are enough stand-ins for the kinds of letters; if not, the pattern cannot be rewritten. */
  readonly fits: boolean;
  readonly #starts: readonly number[];
  readonly #standIns: readonly string[];
  readonly #newline: string;

  constructor(tree: SyntaxNode, facts: TreeFacts) {
    const sets = collectSets(tree);
    const word = facts.unicodeBoundary ? wordSet() : facts.asciiBoundary ? ASCII_WORD : NONE;
    const starts = new Set<number>([0, 0x0a, 0x0b]);
    for (const set of [...sets, word]) for (const [i, edge] of set.entries()) starts.add(edge + (i % 2));
    this.#starts = [...starts].sort((a, b) => a - b);
    const byKind = new Map<string, string>();
    let letters = 0;
    this.#standIns = this.#starts.map((start) => {
      const letter = contains(word, start);
      const kind = `${letter}${start === 0x0a}${sets.map((set) => (contains(set, start) ? 1 : 0)).join('')}`;
      const known = byKind.get(kind);
      if (known !== undefined) return known;
      const standIn = letter
        ? (WORD_STAND_INS[letters++] ?? '0')
        : String.fromCharCode(FIRST_OTHER_STAND_IN + byKind.size);
      byKind.set(kind, standIn);
      return standIn;
    });
    this.fits = letters <= WORD_STAND_INS.length && byKind.size < 6000;
    this.#newline = facts.lineAssertion ? '\n' : this.#standIn(0x0a);
  }

  /** The dialect in which the rewritten pattern is emitted. */
  get dialect(): Dialect {
    return {
      char: (node) => this.#class(setOf(node)),
      set: (node) => this.#class(node.set),
      assertion: (kind) => {
        if (kind === 'start') return '\\A';
        if (kind === 'end') return '\\z';
        if (kind === 'line-start') return '(?m:^)';
        if (kind === 'line-end' || kind === 'end-or-newline') return '(?m:$)';
        return kind === 'word-boundary' || kind === 'ascii-word-boundary' ? '\\b' : '\\B';
      },
    };
  }

  /** Rewrites a text for the rewritten pattern. */
  rewrite(text: string): RewrittenText {
    const offsets: number[] = [];
    let out = '';
    for (let at = 0; at < text.length; ) {
      const codePoint = text.codePointAt(at) ?? 0;
      offsets.push(at);
      at += codePoint > 0xffff ? 2 : 1;
      if (codePoint !== 0x0a) out += this.#standIn(codePoint);
      else out += at === text.length ? '\n' : this.#newline;
    }
    offsets.push(text.length);
    return { text: out, offsets };
  }

  #standIn(codePoint: number): string {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= codePoint) low = middle;
      else high = middle;
    }
    return this.#standIns[low] ?? '';
  }

  #class(set: CharSet): string {
    const members = new Set<string>();
    for (const [i, start] of this.#starts.entries()) {
      if (contains(set, start)) members.add(this.#standIns[i] ?? '');
    }
    if (contains(set, 0x0a)) members.add('\n');
    if (members.size === 0) return '[^\\x00-\\x{10FFFF}]';
    return `[${[...members].map((member) => `\\x{${member.charCodeAt(0).toString(16)}}`).join('')}]`;
  }
}

function setOf({ codePoint, fold }: CharNode): CharSet {
  if (!fold) return [codePoint, codePoint];
  return charSet(caseGroup(codePoint).flatMap((other) => [other, other]));
}

function collectSets(tree: SyntaxNode): CharSet[] {
  const sets = new Map<string, CharSet>([['newline', NEWLINE]]);
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'char') sets.set(`${node.codePoint} ${node.fold}`, setOf(node));
    else if (node.type === 'set') sets.set(node.re2, node.set);
    else if (node.type === 'repeat') visit(node.item);
    else if (node.type !== 'assertion') {
      for (const part of node.type === 'sequence' ? node.items : node.options) visit(part);
    }
  };
  visit(tree);
  return [...sets.values()];
}
