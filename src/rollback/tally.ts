import type { RollbackReport } from './report.ts';

/** Counts what became of each action of a task. */
export class Tally {
  readonly #rolledBack: string[] = [];
  readonly failed: string[] = [];
  readonly #skipped: string[] = [];
  readonly #reasons: Record<string, string> = {};

  skip(actionId: string, why: string): void {
    this.#skipped.push(actionId);
    this.#reasons[actionId] = why;
  }

  /** `why`: `null` where it was rolled back. */
  note(actionId: string, why: string | null): void {
    (why === null ? this.#rolledBack : this.failed).push(actionId);
    if (why !== null) this.#reasons[actionId] = why;
  }

  report(taskId: string, totalActions: number): RollbackReport {
    return Object.freeze({
      taskId,
      totalActions,
      rolledBack: this.#rolledBack,
      failed: this.failed,
      skipped: this.#skipped,
      reasons: this.#reasons,
      success: this.failed.length === 0 && this.#rolledBack.length > 0,
    });
  }
}
