import type { Awaitable } from '../core/awaitable.ts';
import type { AuditEntry } from '../core/entry.ts';
import {
  RollbackError,
  RollbackFailedError,
  RollbackHandlerNotFoundError,
  SnapshotNotFoundError,
} from '../core/errors.ts';
import { messageOf } from '../core/evaluate.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { AuditFilter } from '../stores/store.ts';
import type { RestorePlan } from './conflicts.ts';
import type { HandlerRegistry } from './registry.ts';
import type { RollbackAllOptions, RollbackLastOptions, RollbackOptions, RollbackReport } from './report.ts';
import { conflictError, planUndo, type UndoRequest, type UndoServices, undo } from './undo.ts';

/** How long another process is waited for that undoes the same action, and how often it is looked at, in milliseconds. */
const PATIENCE_MS = 30_000;
const LOOK_MS = 50;

/** What a coordinator is built on. */
export interface CoordinatorOptions extends UndoServices {
  readonly entry: (actionId: string) => Awaitable<AuditEntry | undefined>;
  readonly entries: (filter: AuditFilter) => Awaitable<readonly AuditEntry[]>;
  readonly registry: HandlerRegistry;
  /** Who undoes, as the journal names them. */
  readonly by: string;
  /** Told of every action that was, or could not be, undone. */
  readonly ended: (entry: AuditEntry, succeeded: boolean) => void;
}

/** An action that can be undone, with what it takes. */
type Target = UndoRequest & { readonly entry: AuditEntry };

/** Undoes actions: each exactly once, whoever asks, and never over what somebody changed since. */
export class RollbackCoordinator {
  readonly #options: CoordinatorOptions;
  /** What this process is undoing now, by snapshot. */
  readonly #running = new Map<string, Promise<boolean>>();

  constructor(options: CoordinatorOptions) {
    this.#options = options;
  }

  /**
   * Undoes one action. `false` where that was done before. Rejects with SnapshotNotFoundError where nothing was captured of
   * it, with RollbackHandlerNotFoundError where its handler is not registered here, and with RollbackFailedError.
   */
  async rollback(actionId: string, options: RollbackOptions = {}): Promise<boolean> {
    const target = await this.#target(actionId, options);
    if (target === null) return false;
    if (options.dryRun === true) return this.#wouldWork(target);
    const running = this.#running.get(target.snapshot.id);
    if (running !== undefined) return this.#behind(running, actionId, options);
    const attempt = this.#undoOnce(target);
    this.#running.set(target.snapshot.id, attempt);
    try {
      return await attempt;
    } finally {
      this.#running.delete(target.snapshot.id);
    }
  }

  /** What undoing an action would do; `null` where that was done before. Rejects as {@link rollback} does. */
  async plan(actionId: string): Promise<RestorePlan | null> {
    const target = await this.#target(actionId, {});
    return target === null ? null : planUndo(target, this.#options);
  }

  /** The last actions that can still be undone, newest first; which of them were. Never rejects for one of them. */
  async rollbackLast(n: number, options: RollbackLastOptions): Promise<boolean[]> {
    const { agentId, onFailure } = options;
    const done: boolean[] = [];
    for (const { actionId } of await this.last(n, agentId)) {
      const why = await this.#attempt(actionId, options);
      done.push(why === null);
      if (why !== null && onFailure === 'stop') break;
    }
    return done;
  }

  /** Snapshots of the last actions that ran and were not undone yet, newest first. */
  async last(n: number, agentId?: string): Promise<readonly Snapshot[]> {
    const found: Snapshot[] = [];
    for (const snapshot of this.#options.snapshots.list({ agentId, limit: Number.POSITIVE_INFINITY })) {
      if (found.length >= n) break;
      if (snapshot.state === 'rolled_back') continue;
      const entry = await this.#options.entry(snapshot.actionId);
      if (entry !== undefined && hasRun(entry) && entry.reversible) found.push(snapshot);
    }
    return found;
  }

  /** Undoes a task's actions, of whichever agents, the one that ran last first. */
  async rollbackTask(taskId: string, options: RollbackAllOptions): Promise<RollbackReport> {
    const ran = (await this.#options.entries({ taskId, limit: Number.MAX_SAFE_INTEGER })).filter(
      (entry) => hasRun(entry) && entry.actionType !== 'rollback',
    );
    const position = new Map(
      this.#options.snapshots
        .list({ taskId, limit: Number.POSITIVE_INFINITY })
        .map((snapshot) => [snapshot.actionId, snapshot.position]),
    );
    const at = ({ actionId }: AuditEntry): number => position.get(actionId) ?? Number.NEGATIVE_INFINITY;
    const tally = new Tally();
    // The sort is stable: what has no snapshot stays newest first, behind the others.
    for (const entry of ran.toSorted((a, b) => (at(b) === at(a) ? 0 : at(b) - at(a)))) {
      if (entry.rolledBack) tally.skip(entry.actionId, 'It was rolled back before.');
      else if (!entry.reversible) tally.skip(entry.actionId, whyNot(entry));
      else if (tally.failed.length > 0 && options.onFailure === 'stop') {
        tally.skip(entry.actionId, 'An action that ran later could not be rolled back.');
      } else tally.note(entry.actionId, await this.#attempt(entry.actionId, options));
    }
    return tally.report(taskId, ran.length);
  }

  /** Finishes what processes that are gone had begun to undo. Answers why for each one that cannot be finished. */
  async recover(): Promise<readonly string[]> {
    const { snapshots } = this.#options;
    const problems: string[] = [];
    for (const snapshot of snapshots.list({ state: 'restoring', limit: Number.POSITIVE_INFINITY })) {
      if (snapshots.isBeingRestored(snapshot) || this.#options.registry.named(snapshot.handler) === undefined)
        continue;
      const why = await this.#attempt(snapshot.actionId, {});
      if (why !== null) problems.push(why);
    }
    return problems;
  }

  /** Why an action was not undone; `null` where it was. */
  async #attempt(actionId: string, options: RollbackOptions): Promise<string | null> {
    try {
      return (await this.rollback(actionId, options)) ? null : 'It was rolled back before.';
    } catch (error) {
      return messageOf(error);
    }
  }

  /** What it takes to undo an action; `null` where that was done before. */
  async #target(actionId: string, { force = false }: RollbackOptions): Promise<Target | null> {
    const { entry: entryOf, snapshots, registry, by } = this.#options;
    const entry = await entryOf(actionId);
    if (entry === undefined) throw notFound(actionId, 'There is no action of this id in the journal');
    if (entry.rolledBack) return null;
    if (!hasRun(entry))
      throw notFound(actionId, `Its tool did not run (${entry.outcome}), so there is nothing to undo`);
    if (!entry.reversible) throw notFound(actionId, whyNot(entry));
    const [snapshot] = snapshots.list({ actionId, limit: 1 });
    if (snapshot === undefined) {
      throw notFound(
        actionId,
        'Its snapshot is not kept any more (`rollback.max_snapshots`, `max_age_days`, `max_bytes`)',
      );
    }
    if (snapshot.state === 'rolled_back') return null;
    const handler = registry.named(snapshot.handler);
    if (handler === undefined) throw noHandler(snapshot);
    return { entry, snapshot, handler, force, by };
  }

  async #wouldWork(target: Target): Promise<boolean> {
    const plan = await planUndo(target, this.#options);
    if (plan.conflicts.length > 0 && !target.force) throw conflictError(target.snapshot, plan);
    return true;
  }

  /** Behind somebody who is at it already: what they did is not done again, what they could not do is tried. */
  async #behind(running: Promise<boolean>, actionId: string, options: RollbackOptions): Promise<boolean> {
    const worked = await running.then(
      () => true,
      () => false,
    );
    return worked ? false : this.rollback(actionId, options);
  }

  async #undoOnce(target: Target): Promise<boolean> {
    const { entry, snapshot } = target;
    try {
      const current = await this.#notBeingRestored(snapshot);
      if (current === null) return false;
      const done = await undo({ ...target, snapshot: current }, this.#options);
      // Somebody else was faster, and may have failed: it is looked at again.
      if (done === undefined)
        return await this.#undoOnce({ ...target, snapshot: await this.#again(snapshot) });
    } catch (error) {
      this.#options.ended(entry, false);
      throw error instanceof RollbackError
        ? error
        : new RollbackFailedError(messageOf(error), {}, { cause: error });
    }
    this.#options.ended(entry, true);
    return true;
  }

  async #again({ id, actionId }: Snapshot): Promise<Snapshot> {
    const current = this.#options.snapshots.get(id);
    if (current === undefined) throw notFound(actionId, 'Its snapshot was removed meanwhile');
    return current;
  }

  /** The snapshot once nobody else is at it; `null` where it was rolled back. */
  async #notBeingRestored(snapshot: Snapshot): Promise<Snapshot | null> {
    const { snapshots, clock, writerId } = this.#options;
    const patience = clock.monotonic() + PATIENCE_MS;
    for (let current = snapshot; ; current = await this.#again(snapshot)) {
      if (current.state === 'rolled_back') return null;
      if (current.restoringBy === writerId || !snapshots.isBeingRestored(current)) return current;
      if (clock.monotonic() > patience) {
        const { actionId } = snapshot;
        throw new RollbackFailedError(`The action ${actionId} is being rolled back by somebody else.`, {
          actionId,
        });
      }
      await new Promise<void>((resolve) => clock.setTimer(LOOK_MS, resolve));
    }
  }
}

/** Counts what became of each action of a task. */
class Tally {
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

function hasRun({ state }: AuditEntry): boolean {
  return state !== 'refused' && state !== 'waiting';
}

const IRREVERSIBLE = 'irreversible:';

/** Why an action that ran cannot be undone. */
function whyNot({ labels, actionType }: AuditEntry): string {
  const label = labels.find((one) => one.startsWith(IRREVERSIBLE));
  if (label !== undefined) return `It cannot be undone: ${label.slice(IRREVERSIBLE.length).trim()}`;
  return `Nothing was captured before it ran: no rollback handler is for ${actionType}, or it changes nothing`;
}

function notFound(actionId: string, why: string): SnapshotNotFoundError {
  return new SnapshotNotFoundError(
    `The action ${actionId} cannot be rolled back. ${why.replace(/\.$/, '')}.`,
    { actionId },
  );
}

function noHandler({ actionId, handler, actionType }: Snapshot): RollbackHandlerNotFoundError {
  return new RollbackHandlerNotFoundError(
    `The action ${actionId} was captured by the rollback handler ${handler}, which is not registered here: ` +
      `\`guard.registerRollbackHandler('${actionType}', …)\` in the program that undoes it.`,
    { actionId, handler },
  );
}
