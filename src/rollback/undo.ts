import type { RecordDraft } from '../core/chain.ts';
import type { Clock } from '../core/clock.ts';
import { RollbackError, RollbackFailedError } from '../core/errors.ts';
import { messageOf } from '../core/evaluate.ts';
import type { JournalRecord, RecordKind } from '../core/record.ts';
import type { ItemStates, Snapshot } from '../core/snapshot.ts';
import type { SnapshotBefore, SnapshotStore } from '../stores/snapshot-store.ts';
import { describeConflicts, planOf, type RestorePlan } from './conflicts.ts';
import type { Foresight } from './foresight.ts';
import type { RollbackHandler } from './handler.ts';
import { begunBody, endedBody, type Noted, notedIn, remarkBody, type Undoing } from './records.ts';

/** What undoing needs. */
export interface UndoServices {
  readonly snapshots: SnapshotStore;
  readonly clock: Clock;
  readonly newId: () => string;
  /** The writer in whose name snapshots are claimed. */
  readonly writerId: string;
  readonly draft: (kind: RecordKind, actionId: string, body: () => JournalRecord['body']) => RecordDraft;
  /** Takes secrets out of what is journaled. */
  readonly redact: (text: string) => string;
}

/** One snapshot to go back to, by its handler. */
export interface UndoRequest {
  readonly snapshot: Snapshot;
  readonly handler: RollbackHandler;
  readonly force: boolean;
  /** Who asked for it. */
  readonly by: string;
}

/** What is there now of all that a snapshot is about; `null` where its handler cannot tell. */
export async function stateNow(
  { snapshot, handler }: Pick<UndoRequest, 'snapshot' | 'handler'>,
  { snapshots }: Pick<UndoServices, 'snapshots'>,
): Promise<ItemStates | null> {
  if (handler.state === undefined) return null;
  return handler.state(snapshot, 'now', { blobs: snapshots.blobs });
}

/**
 * What going back would do; with `foresight` if other actions were undone before. Throws RollbackFailedError where that
 * cannot be told.
 */
export async function planUndo(
  request: UndoRequest,
  services: UndoServices,
  foresight?: Foresight,
): Promise<RestorePlan> {
  const { snapshot } = request;
  const now = await look(request, services);
  return planOf(snapshot, foresight === undefined ? now : foresight.over(snapshot, now));
}

async function look(request: UndoRequest, services: UndoServices): Promise<ItemStates | null> {
  try {
    return await stateNow(request, services);
  } catch (error) {
    throw failed(request.snapshot, `What is there now cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/** The error for changes that somebody made since the act. */
export function conflictError({ actionId }: Snapshot, plan: RestorePlan): RollbackFailedError {
  const what = plan.isAfterKnown
    ? 'it was changed since the action'
    : 'what the action left was never noted, as after a crash, so nobody can tell its changes from later ones';
  return new RollbackFailedError(
    `The action ${actionId} was not rolled back, and nothing was changed: ${what}. ${describeConflicts(plan)}. ` +
      '`force` puts back what was there before all the same.',
    { actionId, conflicts: plan.conflicts },
  );
}

/**
 * Claims a snapshot and puts back what it holds. `undefined` where somebody else claimed it meanwhile. Throws
 * RollbackFailedError where it did not work; the snapshot can be gone back to again.
 */
export async function undo(request: UndoRequest, services: UndoServices): Promise<true | undefined> {
  const { snapshots, clock, newId, writerId, draft } = services;
  const undoing: Undoing = { ...request, actionId: newId(), begun: new Date(clock.now()) };
  const started = clock.monotonic();
  const claim = { state: 'restoring', restoringBy: writerId } as const;
  const begun = draft('decided', undoing.actionId, () => begunBody(undoing));
  const { state, restoringBy } = request.snapshot;
  const claimed = snapshots.change(request.snapshot.id, { state, restoringBy }, claim, [begun]);
  if (claimed === undefined) return undefined;
  let noted: Noted | null = null;
  const end = (as: SnapshotBefore, kind: RecordKind, own: RecordKind, error: string | null): void => {
    const elapsedMs = clock.monotonic() - started;
    const remark = draft(kind, claimed.actionId, () => remarkBody(undoing, error));
    const ended = draft(own, undoing.actionId, () => endedBody({ elapsedMs, error, noted }));
    snapshots.change(claimed.id, claim, as, [remark, ended]);
  };
  try {
    noted = await putBack({ ...request, snapshot: claimed }, services);
  } catch (error) {
    const told = services.redact(messageOf(error));
    giveUp(() => end({ state: 'captured', restoringBy: null }, 'rollback_failed', 'failed', told));
    throw error instanceof RollbackError ? error : failed(claimed, messageOf(error), { cause: error });
  }
  try {
    end({ state: 'rolled_back', restoringBy: null }, 'rolled_back', 'done', null);
  } catch (error) {
    throw failed(claimed, `It was put back, but that could not be journaled: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return true;
}

/**
 * Checks that nobody changed anything since, restores, and checks that this had the effect that it should have. Answers what
 * the handler has to say of it.
 */
async function putBack(request: UndoRequest, services: UndoServices): Promise<Noted | null> {
  const { snapshot, handler, force } = request;
  const now = await look(request, services);
  const plan = planOf(snapshot, now);
  if (plan.conflicts.length > 0 && !force) throw conflictError(snapshot, plan);
  const { blobs } = services.snapshots;
  const answer = await handler.restore(snapshot, now === null ? { blobs } : { blobs, now });
  if (answer === false)
    throw failed(snapshot, `The handler ${snapshot.handler} says that it could not restore it`);
  const { changes } = await planUndo(request, services);
  if (changes.length === 0) return notedIn(answer, services.redact);
  const left = describeConflicts({ changes, conflicts: changes, isAfterKnown: plan.isAfterKnown });
  throw failed(snapshot, `It is not as it was before although the handler restored it: ${left}`);
}

function failed(
  snapshot: Snapshot,
  what: string,
  options?: { readonly cause: unknown },
): RollbackFailedError {
  const message = `The action ${snapshot.actionId} was not rolled back. ${what}.`;
  return new RollbackFailedError(message, { actionId: snapshot.actionId }, options);
}

/** A claim that cannot be given back is taken over by whoever comes next. */
function giveUp(giveBack: () => void): void {
  try {
    giveBack();
  } catch {
    // The error that led here is the one to tell.
  }
}
