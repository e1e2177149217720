import type { LiteralPredicate, LiteralTest } from '../conditions/predicate.ts';
import type { ConditionScope } from '../conditions/scope.ts';
import type { Glob } from '../glob.ts';
import { choosePredicates } from './choose-predicates.ts';
import { isOrdinary } from './read-subject.ts';
import { SubjectIndex } from './subject-index.ts';
import { SubjectIndexes } from './subject-indexes.ts';

/** What the index needs to know of a policy. */
export interface IndexedPolicy {
  /** Globs over the action type; the policy is out of question unless one matches. */
  readonly actionTypes: readonly Glob[];
  /** `null` always matches. */
  readonly condition: { readonly requires: readonly LiteralPredicate[] } | null;
}

/**
 * Finds, among many policies, the few whose condition can be true or can throw for a call. Every policy is filed
 * under the literal predicate that narrows it down most, its action types counting as one more; policies without any
 * are candidates always.
 */
export class ConditionIndex {
  readonly #items: readonly IndexedPolicy[];
  readonly #subjects: SubjectIndexes;
  /** Policies that no predicate narrows down, ascending. */
  readonly #always: readonly number[];
  /** Members of the scope that must be ordinary, each with the policies that count on it. */
  readonly #given: ReadonlyMap<string, readonly number[]>;

  constructor(items: readonly IndexedPolicy[]) {
    this.#items = items;
    const always: number[] = [];
    const tests = new Map<string, { readonly test: LiteralTest; readonly item: number }[]>();
    const given = new Map<string, number[]>();
    choosePredicates(items).forEach((predicate, item) => {
      if (predicate === null) {
        always.push(item);
        return;
      }
      for (const test of predicate.anyOf) append(tests, subjectKey(test), { test, item });
      for (const path of predicate.given) append(given, path, item);
    });
    this.#always = always;
    this.#given = given;
    this.#subjects = new SubjectIndexes([...tests.values()].map((filed) => new SubjectIndex(filed)));
  }

  /**
   * Visits, in ascending order, every policy whose action types match and whose condition may hold or throw, until
   * `visit` answers `true`. Linear in the texts that are looked at and in the number of candidates.
   */
  candidates(scope: ConditionScope, visit: (item: number) => boolean): void {
    let found = this.#subjects.collect(scope);
    if (this.#given.size > 0) {
      for (const [path, items] of this.#given) {
        if (!isOrdinary(scope, path)) found = found === undefined ? [...items] : found.concat(items);
      }
    }
    if (found === undefined) {
      for (const item of this.#always) if (this.#accepts(item, scope) && visit(item)) return;
      return;
    }
    this.#visitMerged(found, scope, visit);
  }

  #visitMerged(found: number[], scope: ConditionScope, visit: (item: number) => boolean): void {
    if (found.length > 1) found.sort((a, b) => a - b);
    let i = 0;
    let j = 0;
    let last = -1;
    while (i < found.length || j < this.#always.length) {
      const a = found[i] ?? Number.POSITIVE_INFINITY;
      const b = this.#always[j] ?? Number.POSITIVE_INFINITY;
      const item = Math.min(a, b);
      if (a <= b) i++;
      else j++;
      if (item === last) continue;
      last = item;
      if (this.#accepts(item, scope) && visit(item)) return;
    }
  }

  #accepts(item: number, scope: ConditionScope): boolean {
    const globs = this.#items[item]?.actionTypes ?? [];
    for (const glob of globs) if (glob.shape === 'any' || glob.test(scope.action_type)) return true;
    return false;
  }
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function subjectKey({ subject }: LiteralTest): string {
  return JSON.stringify([subject.lower, ...subject.path]);
}
