import type { Snapshot, SnapshotAsk } from '../../core/snapshot.ts';
import type { SnapshotLimits, SnapshotStore } from '../../stores/snapshot-store.ts';
import type { Store } from '../../stores/store.ts';
import type { SuiteTools } from '../suite-tools.ts';
import { START } from './records.ts';

/** What was captured before a file was written. */
export function askOf(id: string, changes: Partial<SnapshotAsk> = {}): SnapshotAsk {
  return {
    ...{ id, actionId: `action-${id}`, handler: 'file', actionType: 'file.write', toolName: 'write_file' },
    ...{ agentId: 'worker', taskId: null, sessionId: null, capturedAt: new Date(START) },
    ...{ data: { path: '/notes', mode: 420, content: null }, before: { '/notes': 'ü\n' } },
    ...{ blobs: [], bytes: 0 },
    ...changes,
  };
}

/** As a snapshot is that nobody is at. */
export const CAPTURED = Object.freeze({ state: 'captured', restoringBy: null } as const);
/** As a snapshot is that the suite's writer restores. */
export const RESTORING = Object.freeze({ state: 'restoring', restoringBy: 'first' } as const);
/** As a snapshot is that was gone back to. */
export const ROLLED_BACK = Object.freeze({ state: 'rolled_back', restoringBy: null } as const);

/** Limits that keep everything. */
export const NO_LIMITS: SnapshotLimits = Object.freeze({
  maxSnapshots: Number.POSITIVE_INFINITY,
  maxBytes: Number.POSITIVE_INFINITY,
  notBefore: null,
});

/** Ids, in their order. */
export function idsOf(snapshots: readonly Snapshot[]): string[] {
  return snapshots.map(({ id }) => id);
}

/** Keeps a content, given in pieces of so many bytes; answers its name. */
export function keep({ blobs }: SnapshotStore, content: Uint8Array, piece = content.length || 1): string {
  const writer = blobs.begin();
  for (let at = 0; at < content.length; at += piece) writer.write(content.subarray(at, at + piece));
  return writer.end().hash;
}

/** A content that was kept, whole. Throws what the store says. */
export function read({ blobs }: SnapshotStore, hash: string): Uint8Array {
  const pieces = [...blobs.read(hash)];
  const content = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    content.set(piece, at);
    at += piece.length;
  }
  return content;
}

/** Bytes that deflate badly, the same for the same length. */
export function bytesOf(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** Registers cases of stores that keep snapshots; a store without `snapshots` has nothing to do in them. */
export function casesWithSnapshots(
  make: () => Store | Promise<Store>,
  it: SuiteTools['it'],
): (name: string, body: (snapshots: SnapshotStore, store: Store) => Promise<void>) => void {
  return (name, body) => {
    it(name, async () => {
      const store = await make();
      try {
        if (store.snapshots !== undefined) await body(store.snapshots, store);
      } finally {
        await store.close();
      }
    });
  };
}
