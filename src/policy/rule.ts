import { didYouMean } from '../core/did-you-mean.ts';
import { PolicyParseError } from '../core/errors.ts';
import type { Verdict } from '../core/verdict.ts';
import { type CompiledPattern, compilePattern } from './pattern/compile.ts';
import { PatternError } from './pattern/pattern-error.ts';
import type { RuleAction, RuleInput, SourcePosition } from './rule-input.ts';

const VERDICT_OF: Readonly<Record<RuleAction, Verdict>> = Object.freeze({
  allow: 'ALLOW',
  block: 'BLOCK',
  escalate: 'ESCALATE',
  warn: 'WARN',
  defer: 'DEFER',
});

/** The verdict that a rule's action stands for. Throws {@link PolicyParseError} for any other word. */
export function verdictOfAction(action: RuleAction): Verdict {
  if (typeof action === 'string' && Object.hasOwn(VERDICT_OF, action)) return VERDICT_OF[action];
  const known = Object.keys(VERDICT_OF);
  throw new PolicyParseError(
    `\`${String(action)}\` is not an action. Write one of: ${known.join(', ')}.${didYouMean(String(action), known)}`,
    { action: String(action) },
  );
}

const RULE_KEYS: readonly string[] = Object.freeze([
  'pattern',
  'action',
  'reason',
  'name',
  'suggestion',
  'escalateTo',
  'deferSeconds',
  'position',
] satisfies (keyof RuleInput)[]);

/**
 * Refuses keys that are not known: a misspelt one would silently change what is meant.
 * @param what what has the keys, as a message begins: `A rule`.
 * @throws PolicyParseError with the nearest known key.
 */
export function refuseUnknownKeys(what: string, input: object, known: readonly string[]): void {
  const wrong = Object.keys(input).find((key) => !known.includes(key));
  if (wrong === undefined) return;
  const shown = wrong.slice(0, 60);
  const hint = didYouMean(wrong, known) || ` Known keys: ${known.join(', ')}.`;
  throw new PolicyParseError(`${what} has no key \`${shown}\`.${hint}`, { key: shown });
}

/** One rule: a Python regular expression (search semantics) and what to do with an intent that it matches. */
export class Rule {
  readonly pattern: string;
  readonly action: RuleAction;
  readonly verdict: Verdict;
  readonly reason: string;
  /** `undefined` until the policy gives it its default, `block:^/etc/`. */
  readonly name: string | undefined;
  readonly suggestion: string | undefined;
  readonly escalateTo: string | undefined;
  readonly deferSeconds: number | undefined;
  readonly position: SourcePosition | undefined;
  readonly compiled: CompiledPattern;

  /**
   * Throws {@link PolicyParseError} for an unknown key or action, a value of a wrong type, or a pattern that cannot be
   * matched in linear time.
   */
  constructor(input: RuleInput) {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) {
      const found = input === null ? 'null' : Array.isArray(input) ? 'a list' : typeof input;
      throw new PolicyParseError(`A rule is an object with \`pattern\` and \`action\`, not ${found}.`);
    }
    refuseUnknownKeys('A rule', input, RULE_KEYS);
    if (typeof input.pattern !== 'string') {
      throw new PolicyParseError(`A rule's pattern must be a string, not ${typeof input.pattern}.`);
    }
    this.pattern = input.pattern;
    this.action = input.action;
    this.verdict = verdictOfAction(input.action);
    this.reason = textOf(input, 'reason') ?? '';
    this.name = textOf(input, 'name');
    this.suggestion = textOf(input, 'suggestion');
    this.escalateTo = textOf(input, 'escalateTo');
    this.deferSeconds = secondsOf(input.deferSeconds);
    this.position = input.position;
    this.compiled = compile(input.pattern);
  }

  /** `block:^/etc/`: the action, a colon, the pattern cut at 60 characters. */
  get defaultName(): string {
    return `${this.action}:${this.pattern.slice(0, 60)}`;
  }
}

function textOf(
  input: RuleInput,
  field: 'reason' | 'name' | 'suggestion' | 'escalateTo',
): string | undefined {
  const value: unknown = input[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new PolicyParseError(`A rule's ${field} must be a string, not ${typeof value}.`);
}

function secondsOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && value >= 0 && value < Infinity) return value;
  throw new PolicyParseError("A rule's deferSeconds must be a number of seconds, zero or more.");
}

function compile(pattern: string): CompiledPattern {
  try {
    return compilePattern(pattern);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    const { message, offset } = error;
    throw new PolicyParseError(
      `The pattern \`${pattern.slice(0, 200)}\` cannot be used: ${message}.`,
      { pattern, offset },
      { cause: error },
    );
  }
}
