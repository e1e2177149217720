import type { Argument } from '../core/argument.ts';
import type { Awaitable } from '../core/awaitable.ts';
import type { ActionIntent } from '../core/intent.ts';
import type { BlobRef, ItemStates, Snapshot } from '../core/snapshot.ts';

/** Keeps contents for a snapshot. */
export interface BlobKeeper {
  /** Keeps a content, given whole or piece by piece. Throws IrreversibleError once all of them are too large together. */
  keep(content: Uint8Array | Iterable<Uint8Array>): BlobRef;
}

/** Reads contents that were kept. */
export interface BlobReader {
  /** In pieces of at most 1 MB. Throws for one that is not there or was damaged, at its end at the latest. */
  read(hash: string): Iterable<Uint8Array>;
}

/** What a handler may use while it captures. */
export interface CaptureContext {
  readonly blobs: BlobKeeper;
  /** The call's string arguments with what each of them is: a path, a URL, SQL, … */
  readonly arguments: readonly Argument[];
  /** Bytes that may be kept of one action (`rollback.max_bytes`). Default: as many as `blobs` takes. */
  readonly maxBytes?: number | undefined;
  /** Absolute paths of the guard's own files and folders: they are never put back. */
  readonly ownPaths?: readonly string[] | undefined;
}

/** How the act ended. */
export interface ActOutcome {
  /** False where the tool threw. */
  readonly succeeded: boolean;
  /** What the tool returned. */
  readonly result: unknown;
}

/** What a handler may use afterwards. */
export interface RestoreContext {
  readonly blobs: BlobReader;
  /**
   * For `restore`: what was there when it was decided to put things back, by force too. A handler that can lock what it
   * puts back makes sure that it still is. `undefined`: what the act left is expected.
   */
  readonly now?: ItemStates | undefined;
}

/** For what is noted after the act: contents may be read, and further ones kept. */
export interface AfterContext extends RestoreContext {
  readonly keeper: BlobKeeper;
  /** The action that ran, as it was captured. */
  readonly intent: ActionIntent;
}

/** What a restore may answer to have it journaled. */
export interface RestoreNote {
  /**
   * Becomes the result of the undoing's own entry: texts without secrets and cut at 1,000 characters, twenty fields at
   * most.
   */
  readonly noted: Readonly<Record<string, string | number | boolean | null>>;
}

/**
 * Undoes actions of some types. `capture` runs before the act and notes what it takes to put things back; `restore` puts
 * them back, perhaps in another process. What a handler throws in `capture` blocks the act
 * (`rollback.on_capture_failure`); an IrreversibleError says that this one cannot be undone, which blocks nothing by
 * itself. Tools that cannot wait need a handler that answers at once.
 */
export interface RollbackHandler {
  /** Names the handler in its snapshots: keep it as it is. Default: the action type that it was registered for. */
  readonly name?: string | undefined;
  /** Globs of the action types that it undoes: `file.*`. */
  readonly actionTypes: readonly string[];
  /** True for a handler that is only asked about calls with a path, a URL, a command or SQL among their arguments. */
  readonly typedOnly?: boolean | undefined;
  /**
   * Optional. Why this action could not be undone, said before it is decided on; `null` where it can, `undefined` where it
   * is none of this handler's. It changes and keeps nothing.
   */
  irreversible?(
    intent: ActionIntent,
    context: Pick<CaptureContext, 'arguments' | 'maxBytes'>,
  ): Awaitable<string | null | undefined>;
  /**
   * Notes what it takes to put things back: a JSON value. `undefined` or `null`: this action changes nothing that this
   * handler could undo.
   */
  capture(intent: ActionIntent, context: CaptureContext): Awaitable<unknown>;
  /**
   * Optional. Called when the act does not run after all, with what was captured: gives back what capturing has taken, as
   * a transaction.
   */
  abandon?(data: unknown): Awaitable<unknown>;
  /**
   * Optional. Called right after the act, also where the tool threw. What it returns replaces the snapshot's data. It
   * throws an IrreversibleError where the act cannot be undone after all, and an ActNotKeptError where nothing of it is
   * left, which the caller is told.
   */
  after?(snapshot: Snapshot, outcome: ActOutcome, context: AfterContext): Awaitable<unknown>;
  /**
   * Optional, and what makes undoing safe: what is there of all that the snapshot is about. It is asked before and after
   * the act, and again at the restore: items that are neither as the act left them nor as they were before were changed
   * by somebody else, and then nothing is restored. `when` tells which it is: what was there `before` can be told from the
   * data.
   */
  state?(
    snapshot: Pick<Snapshot, 'data'>,
    when: 'before' | 'after' | 'now',
    context: RestoreContext,
  ): Awaitable<ItemStates>;
  /**
   * Puts things back. It may have been begun before and broken off: what is as it was stays. `false`, like an error,
   * says that it did not work; a {@link RestoreNote} is journaled; whatever else it answers is not looked at.
   */
  restore(snapshot: Snapshot, context: RestoreContext): Awaitable<unknown>;
}
