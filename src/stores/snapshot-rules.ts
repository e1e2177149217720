import type { Snapshot } from '../core/snapshot.ts';
import type { Row } from './columns.ts';
import type { SnapshotBefore, SnapshotChange, SnapshotLimits } from './snapshot-store.ts';

/** Contents that no snapshot refers to go this long after they were kept, in milliseconds: a capture may be under way. */
export const UNUSED_MS = 60 * 60 * 1000;

/** Contents that are not referred to are looked for no more often than this, in milliseconds. */
export const SWEEP_MS = 10 * 60 * 1000;

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

/** How many snapshots there are, and how many bytes their contents have. */
export interface Totals {
  readonly count: number;
  readonly bytes: number;
}

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

/** Which snapshots go, given the oldest first: no more of them are looked at than need be. */
export function beyond(
  oldestFirst: Iterable<Aged>,
  totals: Totals,
  { maxSnapshots, maxBytes, notBefore }: SnapshotLimits,
): string[] {
  const gone: string[] = [];
  let { count, bytes } = totals;
  for (const { id, bytes: own, state, capturedAt } of oldestFirst) {
    const isOver = count > maxSnapshots || bytes > maxBytes || (notBefore !== null && capturedAt < notBefore);
    if (!isOver) break;
    if (state === 'restoring') continue;
    gone.push(id);
    count--;
    bytes -= own;
  }
  return gone;
}
