import { failAt } from './errors.ts';
import type { ConditionScope } from './scope.ts';
import { dictSize, isTruthy, kindOf } from './values.ts';

/** How much work one evaluation may do: a second at the very worst. More is a run-time error, never a wait. */
export const MAX_STEPS = 1_000_000;

/** One evaluation in progress: what it reads, its comprehension variables, and the work that is left. */
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
    if (this.#left < 0) failAt(at, `the condition needs more than ${MAX_STEPS} steps for this call`);
  }

  /** Pays for one pass over a text of `length` characters. */
  spendText(length: number, at: string): void {
    this.spend(1 + (length >>> 8), at);
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
