import type { SealedRecord } from './chain.ts';

/** A record as JSON, with all that is needed to check its hash: `body` is the text that the hash covers. */
export interface WireRecord {
  readonly v: 1;
  readonly position: number;
  readonly seq: number;
  readonly writer: { readonly id: string; readonly host: string; readonly pid: number };
  readonly kind: string;
  readonly action_id: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly policy_revision: string;
  readonly namespace: string;
  /** JSON, as a text. */
  readonly body: string;
  readonly prev_hash: string;
  readonly hash: string;
}

/** A sealed record in the form that is exported. */
export function recordToWire(record: SealedRecord): WireRecord {
  const { v, position, seq, writer, kind, actionId, at, policyRevision, namespace, body, prevHash, hash } =
    record;
  return {
    v,
    position,
    seq,
    writer: { id: writer.id, host: writer.host, pid: writer.pid },
    kind,
    action_id: actionId,
    at,
    policy_revision: policyRevision,
    namespace,
    body,
    prev_hash: prevHash,
    hash,
  };
}
