/**
 * What is there, item by item (a path, a row of a table, …), each with a text that changes whenever the item does and that
 * a person can read. An item that is not there has no text.
 */
export type ItemStates = Readonly<Record<string, string>>;

/** `restoring` from the claim of somebody who undoes the action until that is done or given up. */
export type SnapshotState = 'captured' | 'restoring' | 'rolled_back';

/** What is needed to undo an action, as it is entered before the action runs. */
export interface SnapshotAsk {
  readonly id: string;
  readonly actionId: string;
  /** Name of the handler that captured it, and that can restore it. */
  readonly handler: string;
  readonly actionType: string;
  readonly toolName: string;
  readonly agentId: string;
  readonly taskId: string | null;
  readonly sessionId: string | null;
  readonly capturedAt: Date;
  /** What the handler needs: a JSON value. */
  readonly data: unknown;
  /** What was there before the act; `null` where the handler cannot tell. */
  readonly before: ItemStates | null;
  /** Hashes of the contents that it refers to, as the blob store named them. */
  readonly blobs: readonly string[];
  /** Bytes of these contents, before compression. */
  readonly bytes: number;
}

/** A snapshot as the store has it. */
export interface Snapshot extends SnapshotAsk {
  /** Counts up over all snapshots of a store: the order in which actions ran. */
  readonly position: number;
  /** What the act left; `null` where that was never noted, as after a crash. */
  readonly after: ItemStates | null;
  readonly state: SnapshotState;
  /** The writer that is restoring it; `null` in any other state. */
  readonly restoringBy: string | null;
}

/** A content that is kept, named by the hex SHA-256 of its bytes. */
export interface BlobRef {
  readonly hash: string;
  readonly bytes: number;
}
