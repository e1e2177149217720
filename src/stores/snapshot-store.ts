import type { RecordDraft } from '../core/chain.ts';
import type { BlobRef, ItemStates, Snapshot, SnapshotAsk, SnapshotState } from '../core/snapshot.ts';

/** Takes one content, piece by piece. */
export interface BlobWriter {
  write(piece: Uint8Array): void;
  /** Keeps what was written. The same content is kept once, whoever writes it. */
  end(): BlobRef;
  /** Keeps nothing. Does nothing after `end`. */
  abandon(): void;
}

/** Contents, each kept once. Everything throws what the disk says. */
export interface BlobStore {
  begin(): BlobWriter;
  /**
   * The content in pieces of at most 1 MB, read while one iterates. Throws for one that is not there, and at its end for
   * one whose bytes are not those that its name is the hash of.
   */
  read(hash: string): Iterable<Uint8Array>;
}

/** Which snapshots to return. All given fields must hold. */
export interface SnapshotFilter {
  readonly actionId?: string | undefined;
  readonly taskId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly state?: SnapshotState | undefined;
  /** Default 100. */
  readonly limit?: number | undefined;
}

/** How a snapshot must be for a change to be made. */
export interface SnapshotBefore {
  readonly state: SnapshotState;
  readonly restoringBy: string | null;
}

/** What becomes of a snapshot. What is left out stays. */
export interface SnapshotChange {
  readonly state?: SnapshotState | undefined;
  readonly restoringBy?: string | null | undefined;
  readonly data?: unknown;
  readonly after?: ItemStates | null | undefined;
  readonly blobs?: readonly string[] | undefined;
  readonly bytes?: number | undefined;
}

/** How much is kept. */
export interface SnapshotLimits {
  readonly maxSnapshots: number;
  /** Bytes of all contents, before compression. */
  readonly maxBytes: number;
  /** Epoch milliseconds: snapshots captured before this go. `null` keeps all. */
  readonly notBefore: number | null;
}

/**
 * Where snapshots are kept. A snapshot changes only by compare-and-set: of two who claim one at once one comes too late.
 * Answers at once.
 */
export interface SnapshotStore {
  readonly blobs: BlobStore;
  /**
   * Absolute paths, without links on the way, of the files and folders that the store is. Nobody puts those back: an old
   * journal in place of the present one would lose what was journaled since.
   */
  readonly ownPaths?: readonly string[] | undefined;
  /** Enters a captured snapshot. Throws for an id or an action that is known. */
  enter(ask: SnapshotAsk): Snapshot;
  get(id: string): Snapshot | undefined;
  /** Newest first. */
  list(filter: SnapshotFilter): readonly Snapshot[];
  /**
   * Changes a snapshot that is as `from` says, together with the records that tell of it. `undefined` when it is not, any
   * more: then nothing is written.
   */
  change(
    id: string,
    from: SnapshotBefore,
    change: SnapshotChange,
    drafts?: readonly RecordDraft[],
  ): Snapshot | undefined;
  /** Whether somebody is still restoring it; in doubt they are. */
  isBeingRestored(snapshot: Snapshot): boolean;
  /**
   * Removes the oldest snapshots beyond the limits, never one that is being restored, and contents that no snapshot
   * refers to and that were kept an hour ago or more. Answers how many snapshots went.
   */
  prune(limits: SnapshotLimits, now: number): number;
}
