import type { Awaitable } from '../core/awaitable.ts';
import type { AuditEntry } from '../core/entry.ts';
import { RollbackError, RollbackFailedError, SnapshotNotFoundError } from '../core/errors.ts';
import { messageOf } from '../core/evaluate.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { AuditFilter } from '../stores/store.ts';
import type { RestorePlan } from './conflicts.ts';
import { Foresight } from './foresight.ts';
import type { HandlerRegistry } from './registry.ts';
import type {
  Asker,
  RollbackAllOptions,
  RollbackLastOptions,
  RollbackOptions,
  RollbackPreview,
  RollbackReport,
} from './report.ts';
import { Tally } from './tally.ts';
import { conflictError, planUndo, type UndoRequest, type UndoServices, undo } from './undo.ts';
import { hasRun, noHandler, notFound, whyNot } from './why-not.ts';

/** How long another process is waited for that undoes the same action, and how often it is looked at, in milliseconds. */
const PATIENCE_MS = 30_000;
const LOOK_MS = 50;

/** Why what was undone is not undone again. */
const BEFORE = 'It was rolled back before.';

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
  async rollback(actionId: string, options: RollbackOptions & Asker = {}): Promise<boolean> {
    const target = await this.#target(actionId, options);
    if (target === null) return false;
    if (options.dryRun === true) {
      await this.#foresee(target, new Foresight());
      return true;
    }
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
    const attempt = this.#attempts(options);
    for (const { actionId } of await this.last(n, agentId)) {
      const why = await attempt(actionId);
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

  /** A task's actions that ran, of whichever agents, the one that ran last first. */
  async ranInTask(taskId: string): Promise<readonly AuditEntry[]> {
    const ran = (await this.#options.entries({ taskId, limit: Number.MAX_SAFE_INTEGER })).filter(
      (entry) => hasRun(entry) && entry.actionType !== 'rollback',
    );
    const position = new Map(
      this.#options.snapshots
        .list({ taskId, limit: Number.POSITIVE_INFINITY })
        .map((snapshot) => [snapshot.actionId, snapshot.position]),
    );
    const at = ({ actionId }: AuditEntry): number => position.get(actionId) ?? Number.NEGATIVE_INFINITY;
    // The sort is stable: what has no snapshot stays newest first, behind the others.
    return ran.toSorted((a, b) => (at(b) === at(a) ? 0 : at(b) - at(a)));
  }

  /** Undoes a task's actions, of whichever agents, the one that ran last first. */
  async rollbackTask(taskId: string, options: RollbackAllOptions & Asker): Promise<RollbackReport> {
    const ran = await this.ranInTask(taskId);
    const tally = new Tally();
    const attempt = this.#attempts(options);
    for (const entry of ran) {
      if (entry.rolledBack) tally.skip(entry.actionId, BEFORE);
      else if (!entry.reversible) tally.skip(entry.actionId, whyNot(entry));
      else if (tally.failed.length > 0 && options.onFailure === 'stop') {
        tally.skip(entry.actionId, 'An action that ran later could not be rolled back.');
      } else tally.note(entry.actionId, await attempt(entry.actionId));
    }
    return tally.report(taskId, ran.length);
  }

  /** What undoing these actions would come to, in this order: each as if those before it that can be undone were. */
  async preview(actionIds: readonly string[], options: RollbackOptions): Promise<readonly RollbackPreview[]> {
    const foresight = new Foresight();
    const previews: RollbackPreview[] = [];
    for (const actionId of actionIds) {
      const entry = await this.#options.entry(actionId);
      const [snapshot = null] = this.#options.snapshots.list({ actionId, limit: 1 });
      const about = { actionId, entry, snapshot, plan: null };
      try {
        const target = await this.#target(actionId, options);
        if (target === null) previews.push({ ...about, outcome: 'done', why: BEFORE });
        else {
          const plan = await planUndo(target, this.#options, foresight);
          const conflict =
            plan.conflicts.length > 0 && !target.force ? conflictError(target.snapshot, plan).message : null;
          if (conflict === null) foresight.undone(target.snapshot, plan);
          previews.push({ ...about, plan, outcome: conflict === null ? 'works' : 'fails', why: conflict });
        }
      } catch (error) {
        const outcome = error instanceof SnapshotNotFoundError ? 'impossible' : 'fails';
        previews.push({ ...about, outcome, why: messageOf(error) });
      }
    }
    return previews;
  }

  /** What processes that are gone had begun to undo, and did not finish. */
  brokenOff(): readonly Snapshot[] {
    const { snapshots } = this.#options;
    const begun = snapshots.list({ state: 'restoring', limit: Number.POSITIVE_INFINITY });
    return begun.filter((snapshot) => !snapshots.isBeingRestored(snapshot));
  }

  /**
   * Finishes what processes that are gone had begun to undo, as far as its handlers are registered here. Answers why for
   * each one that cannot be finished.
   */
  async recover(): Promise<readonly string[]> {
    const problems: string[] = [];
    for (const snapshot of this.brokenOff()) {
      if (this.#options.registry.named(snapshot.handler) === undefined) continue;
      const why = await this.#attempts({})(snapshot.actionId);
      if (why !== null) problems.push(why);
    }
    return problems;
  }

  /** Undoes one action after the other, or tries that out: why one was not undone; `null` where it was. */
  #attempts(options: RollbackOptions & Asker): (actionId: string) => Promise<string | null> {
    const foresight = new Foresight();
    const foresee = async (actionId: string): Promise<boolean> => {
      const target = await this.#target(actionId, options);
      if (target === null) return false;
      await this.#foresee(target, foresight);
      return true;
    };
    const attempt =
      options.dryRun === true ? foresee : (actionId: string) => this.rollback(actionId, options);
    return async (actionId) => {
      try {
        return (await attempt(actionId)) ? null : BEFORE;
      } catch (error) {
        return messageOf(error);
      }
    };
  }

  /** What it takes to undo an action; `null` where that was done before. */
  async #target(actionId: string, options: RollbackOptions & Asker): Promise<Target | null> {
    const { entry: entryOf, snapshots, registry } = this.#options;
    const { force = false, by = this.#options.by } = options;
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

  /** What undoing it would do, if that before it which was foreseen is undone. Throws where it would not work. */
  async #foresee(target: Target, foresight: Foresight): Promise<RestorePlan> {
    const plan = await planUndo(target, this.#options, foresight);
    if (plan.conflicts.length > 0 && !target.force) throw conflictError(target.snapshot, plan);
    foresight.undone(target.snapshot, plan);
    return plan;
  }

  /** Behind somebody who is at it already: what they did is not done again, what they could not do is tried. */
  async #behind(
    running: Promise<boolean>,
    actionId: string,
    options: RollbackOptions & Asker,
  ): Promise<boolean> {
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
