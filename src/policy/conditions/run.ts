import { hasSurrogates } from './code-points.ts';
import { failAt } from './errors.ts';
import type { ConditionScope } from './scope.ts';
import { dictSize, isTruthy, kindOf } from './values.ts';

/** How much work one run may do: a second at the very worst. More is a run-time error, never a wait. */
export const MAX_STEPS = 1_000_000;

/** The engine finds needles up to so long in linear time; beyond, its time goes with their length too. */
const LONG_NEEDLE = 250;

/**
 * Conditions being evaluated for one call: what they read, their comprehension variables, and the work that is left.
 * A step is about a microsecond at worst. Several conditions may share one run, and then share its steps.
 */
export class Run {
  readonly scope: ConditionScope;
  /** Comprehension variables by slot. */
  readonly locals: unknown[] = [];
  #left = MAX_STEPS;

  constructor(scope: ConditionScope) {
    this.scope = scope;
  }

  /** Pays for `steps` units of work; throws when the evaluation has used up its share. */
  spend(steps: number, at: string): void {
    this.#left -= steps;
    if (this.#left < 0) failAt(at, `conditions need more than ${MAX_STEPS} steps for this call`);
  }

  /** Pays for one pass over a text of `length` characters. */
  spendText(length: number, at: string): void {
    this.spend(1 + (length >>> 8), at);
  }

  /** Pays for a search for `needle` characters among `length`, at the price of the least favourable text. */
  spendSearch(length: number, needle: number, at: string): void {
    const each = needle > LONG_NEEDLE ? 1 + (needle >>> 5) : 1;
    this.spend(1 + (Math.max(0, length - needle) >>> 7) * each, at);
  }

  /** Pays for a pass over the characters of a text, which is slow where some take two units. */
  spendCharacters(text: string, at: string): void {
    this.spend(1 + (text.length >>> (hasSurrogates(text) ? 4 : 8)), at);
  }

  /** Pays for one look at every key of a dict. */
  spendDict(dict: object, at: string): void {
    this.spend(1 + (dictSize(dict) >>> 1), at);
  }

  /** Python's truth of a value. Counting the keys of a dict is paid for, as a loop may ask for it often. */
  truth(value: unknown, at = ''): boolean {
    if (typeof value === 'boolean') return value;
    if (kindOf(value) === 'dict') this.spendDict(value as object, at);
    return isTruthy(value);
  }
}
