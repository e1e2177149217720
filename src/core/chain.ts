import type { Consumption } from './approval.ts';
import type { JournalRecord } from './record.ts';
import { bodyFromText, bodyText } from './wire.ts';
import { isoTime } from './wire-time.ts';

/** Hex SHA-256 of a text's UTF-8 bytes. Handed in, because the pure layers have no cryptography. */
export type Sha256 = (text: string) => string;

/**
 * A record before the store gives it its place in the chain. `body` is a function so that a store that need not
 * write it yet need not build it; what it reads must not change any more.
 */
export interface RecordDraft extends Omit<JournalRecord, 'position' | 'seq' | 'body' | 'prevHash' | 'hash'> {
  readonly body: () => Readonly<Record<string, unknown>>;
  /** What the record relies on; not part of it. Where that is not there any more, the store appends nothing. */
  readonly consumes?: Consumption | undefined;
}

/** The end of one writer's chain. */
export interface ChainTip {
  readonly seq: number;
  readonly hash: string;
}

/** A record as it is stored: time and body are the very texts that the hash covers. */
export interface SealedRecord extends Omit<JournalRecord, 'at' | 'body'> {
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Canonical JSON with keys in snake case. */
  readonly body: string;
}

/** Chains a draft behind its writer's last record, at a position in the store: the hash covers every other field. */
export function sealRecord(
  draft: RecordDraft,
  tip: ChainTip,
  position: number,
  sha256: Sha256,
): SealedRecord {
  const { v, writer, kind, actionId, policyRevision, namespace } = draft;
  const open = {
    v,
    position,
    seq: tip.seq + 1,
    writer,
    kind,
    actionId,
    at: isoTime(draft.at.getTime()),
    policyRevision,
    namespace,
    body: bodyText(kind, draft.body()),
    prevHash: tip.hash,
  };
  return { ...open, hash: sealHash(open, sha256) };
}

/** A stored record, read. Throws for a body that is no JSON object. */
export function openRecord(sealed: SealedRecord): JournalRecord {
  const { at, body, ...rest } = sealed;
  return Object.freeze({ ...rest, at: new Date(at), body: bodyFromText(sealed.kind, body) });
}

/**
 * The hash of a stored record: SHA-256 over the canonical JSON (keys sorted, in snake case) of all fields but
 * `hash`, with the body's text as it stands.
 */
export function sealHash(sealed: Omit<SealedRecord, 'hash'>, sha256: Sha256): string {
  const { v, position, seq, writer, kind, actionId, at, policyRevision, namespace, body, prevHash } = sealed;
  const text = JSON.stringify;
  return sha256(
    `{"action_id":${text(actionId)},"at":${text(at)},"body":${body},"kind":${text(kind)},` +
      `"namespace":${text(namespace)},"policy_revision":${text(policyRevision)},"position":${position},` +
      `"prev_hash":${text(prevHash)},"seq":${seq},"v":${v},` +
      `"writer":{"host":${text(writer.host)},"id":${text(writer.id)},"pid":${writer.pid}}}`,
  );
}

/** What a chain's check found: `brokenAt` is the index of the first record that does not follow, or `null`. */
export interface ChainCheck {
  readonly brokenAt: number | null;
  readonly problem: string | null;
}

/** Checks one writer's records, oldest first. The first one's `prevHash` is taken as given. */
export function verifyChain(records: readonly JournalRecord[], sha256: Sha256): ChainCheck {
  let before: JournalRecord | undefined;
  for (const [index, record] of records.entries()) {
    if (hashOf(record, sha256) !== record.hash) return { brokenAt: index, problem: 'edited' };
    if (before !== undefined && record.seq !== before.seq + 1)
      return { brokenAt: index, problem: 'sequence' };
    if (before !== undefined && record.prevHash !== before.hash)
      return { brokenAt: index, problem: 'unlinked' };
    before = record;
  }
  return { brokenAt: null, problem: null };
}

function hashOf(record: JournalRecord, sha256: Sha256): string {
  const body = bodyText(record.kind, record.body);
  return sealHash({ ...record, at: record.at.toISOString(), body }, sha256);
}
