import type { Snapshot } from '../core/snapshot.ts';
import type { Row } from './columns.ts';
import type { SnapshotBefore, SnapshotChange, SnapshotLimits } from './snapshot-store.ts';

/** Contents that no snapshot refers to go this long after they were kept, in milliseconds: a capture may be under way. */
export const UNUSED_MS = 60 * 60 * 1000;

/** What a snapshot becomes; `undefined` where it is not any more as whoever changes it saw it. */
export function changedSnapshot(
  known: Snapshot | undefined,
  from: SnapshotBefore,
  change: SnapshotChange,
): Snapshot | undefined {
  if (known === undefined || known.state !== from.state || known.restoringBy !== from.restoringBy)
    return undefined;
  return {
    ...known,
    state: change.state ?? known.state,
    restoringBy: change.restoringBy === undefined ? known.restoringBy : change.restoringBy,
    data: change.data === undefined ? known.data : change.data,
    after: change.after === undefined ? known.after : change.after,
    blobs: change.blobs ?? known.blobs,
    bytes: change.bytes ?? known.bytes,
  };
}

/** What tells whether a snapshot may go. */
export type Aged = Pick<Snapshot, 'id' | 'bytes' | 'state'> & { readonly capturedAt: number };

/** The same of a snapshot's row, without reading the rest of it. */
export function agedOf(row: Row): Aged {
  const { id, bytes, state, captured_at } = row;
  return {
    id: String(id),
    bytes: Number(bytes),
    state: state === 'restoring' ? 'restoring' : 'captured',
    capturedAt: Number(captured_at),
  };
}

/** Which snapshots go, given all of them with the newest first. */
export function beyond(
  newestFirst: Iterable<Aged>,
  { maxSnapshots, maxBytes, notBefore }: SnapshotLimits,
): string[] {
  const gone: string[] = [];
  let kept = 0;
  let bytes = 0;
  for (const { id, bytes: own, state, capturedAt } of newestFirst) {
    kept++;
    bytes += own;
    const isOver = kept > maxSnapshots || bytes > maxBytes || (notBefore !== null && capturedAt < notBefore);
    if (isOver && state !== 'restoring') gone.push(id);
  }
  return gone;
}
