import { closest } from '../core/did-you-mean.ts';
import { ConfigValidationError } from '../core/errors.ts';
import { CustomEvaluator } from '../core/evaluate.ts';
import { BUILT_IN_EVALUATORS, type Evaluator } from '../core/evaluator.ts';

/** Where a custom evaluator goes; without either, at the end. */
export interface EvaluatorPlace {
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

/** The evaluators of a guard in order: the built-in ones, less those removed, with the custom ones in their places. */
export class Pipeline {
  #builtIns: readonly Evaluator[] = [];
  #customs: readonly { readonly evaluator: Evaluator; readonly place: EvaluatorPlace }[] = [];
  #removed: readonly string[] = [];
  #list: readonly Evaluator[] = [];

  /** All evaluators, in the order in which they are asked. */
  get list(): readonly Evaluator[] {
    return this.#list;
  }

  /** Replaces the built-in evaluators, as a reload does; custom ones and removals stay. */
  setBuiltIns(evaluators: readonly Evaluator[]): void {
    this.#builtIns = evaluators;
    this.#arrange();
  }

  /**
   * Adds a custom evaluator; its name and methods are read now. The name of a built-in evaluator is free once that
   * one was removed. Throws {@link ConfigValidationError} for a name that is taken or a place that is not there.
   */
  add(evaluator: Evaluator, place: EvaluatorPlace = {}): void {
    const name: unknown = evaluator?.name;
    if (typeof name !== 'string' || name === '' || typeof evaluator.evaluate !== 'function') {
      throw new ConfigValidationError('An evaluator is an object with a `name` and a method `evaluate`.');
    }
    if (evaluator.after !== undefined && typeof evaluator.after !== 'function') {
      throw new ConfigValidationError(`The \`after\` of the evaluator \`${name}\` must be a method.`);
    }
    if (this.#list.some((known) => known.name === name)) {
      throw new ConfigValidationError(`There is already an evaluator called \`${name}\`.`);
    }
    if (BUILT_IN_EVALUATORS.some((known) => known === name) && !this.#removed.includes(name)) {
      throw new ConfigValidationError(
        `\`${name}\` is the name of a built-in evaluator. Choose another name, or remove that one first.`,
      );
    }
    const { before, after } = place;
    for (const anchor of [before, after]) if (anchor !== undefined) this.#indexOf(anchor);
    const custom = { evaluator: new CustomEvaluator(name, evaluator), place: { before, after } };
    this.#customs = [...this.#customs, custom];
    this.#arrange();
  }

  /**
   * Removes an evaluator; a built-in one that is switched off then stays away over reloads.
   * Throws {@link ConfigValidationError} when there is none of that name.
   */
  remove(name: string): void {
    const switchedOff = BUILT_IN_EVALUATORS.some((known) => known === name) && !this.#removed.includes(name);
    if (!switchedOff) this.#indexOf(name);
    this.#customs = this.#customs.filter(({ evaluator }) => evaluator.name !== name);
    this.#removed = [...this.#removed, name];
    this.#arrange();
  }

  #arrange(): void {
    const list = this.#builtIns.filter(({ name }) => !this.#removed.includes(name));
    for (const { evaluator, place } of this.#customs) {
      const before = list.findIndex(({ name }) => name === place.before);
      const after = list.findIndex(({ name }) => name === place.after);
      const at = before >= 0 ? before : after >= 0 ? after + 1 : list.length;
      list.splice(at, 0, evaluator);
    }
    this.#list = list;
  }

  #indexOf(name: string): number {
    const names = this.#list.map((evaluator) => evaluator.name);
    const index = names.indexOf(name);
    if (index >= 0) return index;
    const near = closest(String(name), names);
    const hint = near === undefined ? ` There are: ${names.join(', ')}.` : ` Did you mean \`${near}\`?`;
    throw new ConfigValidationError(`There is no evaluator called \`${name}\`.${hint}`);
  }
}
