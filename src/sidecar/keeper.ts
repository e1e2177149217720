import type { SidecarParts } from './parts.ts';

/** How often what is new is taken up, and how long that may take at once, in milliseconds. */
const EVERY_MS = 500;
const MOST_MS = 50;

/**
 * Takes up what agents journal, so that questions find it done, and removes what is older than the retention. A little at a
 * time: nothing waits for it.
 */
export class Keeper {
  readonly #parts: SidecarParts;
  #cancel: (() => void) | undefined;
  #warned = '';

  constructor(parts: SidecarParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#next(0);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = () => undefined;
  }

  #next(ms: number): void {
    const { clock } = this.#parts;
    const cancel = clock.setTimer(
      ms,
      () => void this.#tidy().then((again) => this.#again(cancel, again)),
      true,
    );
    this.#cancel = cancel;
  }

  /** Goes on, unless it was stopped meanwhile. */
  #again(cancel: () => void, ms: number): void {
    if (this.#cancel === cancel) this.#next(ms);
  }

  /** How soon it is to go on. */
  async #tidy(): Promise<number> {
    const { log, draft, warn } = this.#parts;
    try {
      const isDone = await log.tidy(MOST_MS, draft('policy', '', {}));
      this.#warned = '';
      return isDone ? EVERY_MS : 1;
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      if (what !== this.#warned) warn(`The journal cannot be tidied up: ${what}`);
      this.#warned = what;
      return EVERY_MS;
    }
  }
}
