import type { ConditionScope } from '../conditions/scope.ts';
import type { SubjectIndex } from './subject-index.ts';

/** Up to so many parameters are looked at by name, more by the call's own names. */
const FEW = 8;

/** All subjects of an index. However many parameters are named by policies, only those that a call has are read. */
export class SubjectIndexes {
  readonly #direct: readonly SubjectIndex[];
  readonly #byParameter: ReadonlyMap<string, readonly SubjectIndex[]>;
  /** The subjects of `#byParameter` that may pass when their parameter is absent. */
  readonly #whenAbsent: readonly SubjectIndex[];

  constructor(subjects: readonly SubjectIndex[]) {
    const byParameter = new Map<string, SubjectIndex[]>();
    for (const subject of subjects) {
      if (subject.parameter === null) continue;
      const known = byParameter.get(subject.parameter);
      if (known === undefined) byParameter.set(subject.parameter, [subject]);
      else known.push(subject);
    }
    const few = byParameter.size <= FEW;
    this.#direct = few ? subjects : subjects.filter((subject) => subject.parameter === null);
    this.#byParameter = few ? new Map() : byParameter;
    this.#whenAbsent = few
      ? []
      : subjects.filter((subject) => subject.parameter !== null && subject.acceptsMissing);
  }

  /** The items that pass, in no order and possibly twice; `undefined` for none. */
  collect(scope: ConditionScope): number[] | undefined {
    let found: number[] | undefined;
    for (const subject of this.#direct) found = subject.collect(scope, found);
    if (this.#byParameter.size === 0) return found;
    const { parameters } = scope;
    for (const name of Object.getOwnPropertyNames(parameters)) {
      const subjects = this.#byParameter.get(name);
      if (subjects === undefined) continue;
      for (const subject of subjects) found = subject.collect(scope, found);
    }
    for (const subject of this.#whenAbsent) {
      if (!Object.hasOwn(parameters, subject.parameter ?? '')) found = subject.collect(scope, found);
    }
    return found;
  }
}
