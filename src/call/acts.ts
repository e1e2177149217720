import type { Clock } from '../core/clock.ts';

/** The tools of a guard that are running now. */
export class Acts {
  #running = 0;
  #isClosed = false;
  #waiting: (() => void)[] = [];

  /** How many are running. */
  get running(): number {
    return this.#running;
  }

  /** True once the guard is being closed: nothing new may run. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  begin(): void {
    this.#running++;
  }

  end(): void {
    this.#running--;
    if (this.#running > 0) return;
    for (const resolve of this.#waiting) resolve();
    this.#waiting = [];
  }

  /** Lets nothing new run. Resolves once all that is running has ended, or after a while, with a warning. Never rejects. */
  closeWithin(deadlineMs: number, clock: Clock): Promise<void> {
    return new Promise((resolve) => {
      const cancel = clock.setTimer(deadlineMs, () => {
        const notice = `The guard was closed while ${this.#running} tools were running: their ends are not in the journal.`;
        process.emitWarning(notice, { type: 'PlyraGuardWarning', code: 'PLYRA_CLOSED_EARLY' });
        resolve();
      });
      this.close().then(() => {
        cancel();
        resolve();
      });
    });
  }

  /** Lets nothing new run. Resolves once all that is running has ended. */
  close(): Promise<void> {
    this.#isClosed = true;
    if (this.#running === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
