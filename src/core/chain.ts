import { canonicalJson } from './canonical.ts';
import type { JournalRecord } from './record.ts';

/** Hex SHA-256 of a text's UTF-8 bytes. Handed in, because the pure layers have no cryptography. */
export type Sha256 = (text: string) => string;

/**
 * A record before the store gives it its place in the chain. `body` is a function so that a store that need not
 * write it yet need not build it; what it reads must not change any more.
 */
export interface RecordDraft extends Omit<JournalRecord, 'seq' | 'body' | 'prevHash' | 'hash'> {
  readonly body: () => Readonly<Record<string, unknown>>;
}

/** The end of one writer's chain. */
export interface ChainTip {
  readonly seq: number;
  readonly hash: string;
}

/** Chains a draft behind its writer's last record: the hash covers every other field. */
export function sealRecord(draft: RecordDraft, tip: ChainTip, sha256: Sha256): JournalRecord {
  const { v, writer, kind, actionId, at, policyRevision, namespace } = draft;
  const seq = tip.seq + 1;
  const prevHash = tip.hash;
  const open = {
    v,
    seq,
    writer,
    kind,
    actionId,
    at,
    policyRevision,
    namespace,
    body: draft.body(),
    prevHash,
  };
  return Object.freeze({ ...open, hash: hashOf(open, sha256) });
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
    const { hash, ...open } = record;
    if (hashOf(open, sha256) !== hash) return { brokenAt: index, problem: 'edited' };
    if (before !== undefined && record.seq !== before.seq + 1)
      return { brokenAt: index, problem: 'sequence' };
    if (before !== undefined && record.prevHash !== before.hash)
      return { brokenAt: index, problem: 'unlinked' };
    before = record;
  }
  return { brokenAt: null, problem: null };
}

function hashOf(open: Omit<JournalRecord, 'hash'>, sha256: Sha256): string {
  return sha256(canonicalJson(open));
}
