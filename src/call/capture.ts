import { ActNotKeptError, IrreversibleError } from '../core/errors.ts';
import { faultResult, messageOf } from '../core/evaluate.ts';
import type { EvaluatorResult } from '../core/result.ts';
import type { ActOutcome, RollbackHandler } from '../rollback/handler.ts';
import { SnapshotKeeper } from '../rollback/keeper.ts';
import type { NamedHandler } from '../rollback/registry.ts';
import type { SnapshotLimits } from '../stores/snapshot-store.ts';
import { type Capture, NOTHING_CAPTURED } from './captured.ts';
import type { Cleared } from './cleared.ts';
import type { About } from './decide.ts';
import { perform, type Steps } from './effect.ts';
import type { CallServices, RollbackServices } from './services.ts';

/** How long an asynchronous handler may take, in milliseconds; then its capture has failed. */
const CAPTURE_MS = 30_000;
const DAY_MS = 86_400_000;

/**
 * Has what it takes to undo the act captured. What cannot be undone runs all the same; where capturing fails the act is
 * refused, or runs and says so, as the settings want. So is what turns out only now to be irreversible, where a person
 * would have been asked and none was.
 */
export function* capture(
  about: About,
  services: CallServices,
  isApproved: boolean,
): Steps<Capture | EvaluatorResult> {
  const { rollback } = services;
  const { spec } = about.call;
  if (rollback === null || !spec.rollback || !rollback.settings().enabled) return NOTHING_CAPTURED;
  const handlers = rollback.registry.handlersOf(spec.actionType);
  if (handlers.length === 0 && spec.compensate === null) return NOTHING_CAPTURED;
  try {
    return yield* captureBy(
      spec.compensate === null ? handlers : [spec.compensate, ...handlers],
      about,
      rollback,
      services,
    );
  } catch (error) {
    const why = messageOf(error);
    if (error instanceof IrreversibleError) {
      const { irreversible } = rollback.settings();
      const isRefused = irreversible === 'block' || (irreversible === 'escalate' && !isApproved);
      if (isRefused && services.mode() !== 'monitor') return foundIrreversible(why);
      return { held: null, labels: [`irreversible: ${why}`] };
    }
    const mayRun = rollback.settings().onCaptureFailure === 'allow' || services.mode() === 'monitor';
    if (mayRun) return { held: null, labels: [`irreversible: capturing failed: ${why}`] };
    return faultResult(
      'rollback',
      `What it takes to undo this could not be captured: ${why.replace(/\.$/, '')}. With \`rollback.on_capture_failure: allow\` it would run, irreversibly.`,
    );
  }
}

/** It could be undone when it was judged, or its handler could not say so by then. */
function foundIrreversible(why: string): EvaluatorResult {
  return {
    ...{ verdict: 'BLOCK', evaluatorName: 'rollback', confidence: 1, metadata: { irreversible: why } },
    reason: `This cannot be undone, as was found when it was to be captured: ${why}`,
    suggestedAction: 'reach the goal with an action that can be undone, or have a person do this one',
  };
}

function* captureBy(
  handlers: readonly NamedHandler[],
  { read }: About,
  rollback: RollbackServices,
  services: CallServices,
): Steps<Capture> {
  const { intent, source } = read;
  const { snapshots, newId, now } = rollback;
  for (const { name, handler } of handlers) {
    if (handler.typedOnly === true && !source.arguments.areTyped) continue;
    const { maxBytes } = rollback.settings();
    const keeper = new SnapshotKeeper(snapshots.blobs, maxBytes);
    const context = {
      blobs: keeper,
      arguments: source.arguments.list,
      maxBytes,
      ownPaths: snapshots.ownPaths,
    };
    const data: unknown = yield* perform('capture', () => handler.capture(intent, context), CAPTURE_MS);
    if (data === undefined || data === null) continue;
    try {
      const { state } = handler;
      const before =
        state === undefined
          ? null
          : yield* perform('capture', () => state.call(handler, { data }, 'before', snapshots), CAPTURE_MS);
      const { actionId, actionType, toolName, agentId, taskId, sessionId } = intent;
      const snapshot = snapshots.enter({
        ...{ id: newId(), actionId, handler: name, actionType, toolName, agentId, taskId, sessionId },
        ...{ capturedAt: new Date(now()), data, before, blobs: keeper.hashes, bytes: keeper.bytes },
      });
      snapshots.prune(limitsOf(rollback), now());
      return { held: { snapshot, handler }, labels: [] };
    } catch (error) {
      yield* abandonBy(handler, data, services);
      throw error;
    }
  }
  return NOTHING_CAPTURED;
}

/** Has what capturing took given back: the act does not run. */
export function* abandon({ held }: Capture, services: CallServices): Steps<void> {
  if (held !== null) yield* abandonBy(held.handler, held.snapshot.data, services);
}

function* abandonBy(handler: RollbackHandler, data: unknown, { journal }: CallServices): Steps<void> {
  if (handler.abandon === undefined) return;
  try {
    yield* perform('capture', () => handler.abandon?.(data), CAPTURE_MS);
  } catch {
    journal.countFailure();
  }
}

function limitsOf({ settings, now }: RollbackServices): SnapshotLimits {
  const { maxSnapshots, maxBytes, maxAgeDays } = settings();
  return { maxSnapshots, maxBytes, notBefore: maxAgeDays === null ? null : now() - maxAgeDays * DAY_MS };
}

/**
 * Notes what the act left, so that later changes by others can be told from it. Where that fails the action can be undone
 * only by force. Answers with the error of an act of which nothing is left.
 */
export function* noteAfter(
  { capture: { held }, bodies, call, read }: Cleared,
  outcome: ActOutcome,
  services: CallServices,
): Steps<ActNotKeptError | null> {
  const { rollback } = services;
  if (held === null || rollback === null) return null;
  const { handler } = held;
  const { snapshots } = rollback;
  let { snapshot } = held;
  try {
    const keeper = new SnapshotKeeper(snapshots.blobs, rollback.settings().maxBytes, snapshot.bytes);
    if (handler.after !== undefined) {
      const { after } = handler;
      const context = { blobs: snapshots.blobs, keeper, intent: read.intent };
      const data: unknown = yield* perform(
        'capture',
        () => after.call(handler, snapshot, outcome, context),
        CAPTURE_MS,
      );
      if (data !== undefined) snapshot = { ...snapshot, data };
    }
    const { state } = handler;
    const left =
      state === undefined
        ? null
        : yield* perform('capture', () => state.call(handler, snapshot, 'after', snapshots), CAPTURE_MS);
    const { data } = snapshot;
    const blobs = [...snapshot.blobs, ...keeper.hashes];
    snapshots.change(held.snapshot.id, CAPTURED, { after: left, data, blobs, bytes: keeper.bytes });
  } catch (error) {
    if (error instanceof ActNotKeptError) return error;
    if (error instanceof IrreversibleError) bodies.cannotBeUndone(messageOf(error));
    // Without its request a compensation has nothing to go by, nor can force make up for it.
    else if (handler === call.spec.compensate?.handler)
      bodies.cannotBeUndone(`its compensation could not be kept: ${messageOf(error)}`);
    else services.journal.countFailure();
  }
  return null;
}

const CAPTURED = Object.freeze({ state: 'captured', restoringBy: null });
