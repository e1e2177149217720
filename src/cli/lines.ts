import { OutputSink } from './sink.ts';

/** Prints things, a line each. */
export class Lines<T> {
  readonly #output = new OutputSink();
  readonly #lineOf: (thing: T) => string;

  /** `lineOf` gives a whole line, with its end. */
  constructor(lineOf: (thing: T) => string) {
    this.#lineOf = lineOf;
  }

  /** Resolves once they are printed, with `false` when nobody reads them any more. */
  async write(things: readonly T[]): Promise<boolean> {
    for (const thing of things) {
      if (!(await this.#output.write(this.#lineOf(thing)))) return false;
    }
    await this.#output.end();
    return !this.#output.isClosed;
  }
}
