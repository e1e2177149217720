/** One after the other: a single connection has one transaction at a time. */
export class Turn {
  #last: Promise<void> = Promise.resolve();
  readonly #patienceMs: number;

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  /** Waits for its turn; answers with what ends it. Throws when that takes too long. */
  async take(): Promise<() => void> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    // Whoever gives up waiting still stands in the line, and lets the next one pass when its own turn comes.
    this.#last = before.then(() => promise);
    try {
      await this.#within(before);
    } catch (error) {
      resolve();
      throw error;
    }
    return resolve;
  }

  async #within(before: Promise<void>): Promise<void> {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(
        new Error(
          `another guarded call has used this connection for ${this.#patienceMs} ms: with \`transaction: true\` calls run one at a time, and not within each other`,
        ),
      );
    }, this.#patienceMs);
    try {
      await Promise.race([before, promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}
