import type { SealedRecord } from '../../core/chain.ts';
import type { RecordKind } from '../../core/record.ts';
import type { SqlValue } from '../database.ts';

/** A 64-bit number as one that Node can read: one row that was edited by hand must not stop the reader. */
export const readable = (number: string): string =>
  `max(${Number.MIN_SAFE_INTEGER}, min(${Number.MAX_SAFE_INTEGER}, ${number}))`;

/**
 * The columns that {@link recordOfRow} reads. Add `WHERE` and `ORDER BY`; the tables go by `j` (journal) and `w`
 * (writers). A record whose writer is unknown is read too: its hash then does not fit.
 */
export const SELECT_RECORDS = `
  SELECT ${readable('j.position')} AS position, j.writer_id, ${readable('j.seq')} AS seq, j.kind, j.action_id, j.at,
    j.policy_revision, j.namespace, j.body, j.prev_hash, j.hash,
    coalesce(w.host, '') AS host, ${readable('coalesce(w.pid, 0)')} AS pid
  FROM journal j LEFT JOIN writers w ON w.id = j.writer_id`;

/** A row of {@link SELECT_RECORDS} as the record that it holds. */
export function recordOfRow(row: Readonly<Record<string, SqlValue>>): SealedRecord {
  return {
    v: 1,
    position: Number(row.position),
    seq: Number(row.seq),
    writer: { id: String(row.writer_id), host: String(row.host), pid: Number(row.pid) },
    kind: row.kind as RecordKind,
    actionId: String(row.action_id),
    at: String(row.at),
    policyRevision: String(row.policy_revision),
    namespace: String(row.namespace),
    body: String(row.body),
    prevHash: String(row.prev_hash),
    hash: String(row.hash),
  };
}
