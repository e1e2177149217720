import type { WriterId } from './record.ts';

/** Where an entry comes from that was sent in from another store. */
export interface EntryOrigin {
  /** Who journaled it there. */
  readonly writer: WriterId;
  /** Of its last record there. */
  readonly seq: number;
  readonly hash: string;
  /** Whose credential it was sent with. */
  readonly sentBy: string;
}

/** An entry that is to be taken in: its decision's body, and where it comes from. */
export interface Ingested {
  readonly actionId: string;
  readonly policyRevision: string;
  readonly origin: EntryOrigin;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The body that is journaled for it: the whole entry in one record, with its origin. */
export function ingestedBody({ body, origin }: Ingested): Readonly<Record<string, unknown>> {
  const { writer, seq, hash, sentBy } = origin;
  return { ...body, origin: { writer, seq, hash, sent_by: sentBy } };
}

/** Where a record's body, or an entry, says that it comes from; `undefined` for one that was journaled here. */
export function originOf(body: object): EntryOrigin | undefined {
  if (!('origin' in body) || !isObject(body.origin)) return undefined;
  const { writer, seq, hash, sent_by: sentBy } = body.origin;
  if (!isObject(writer)) return undefined;
  const { id, host, pid } = writer;
  return {
    writer: { id: String(id), host: String(host), pid: Number(pid) },
    seq: Number(seq),
    hash: String(hash),
    sentBy: String(sentBy),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
