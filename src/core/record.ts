/** Every kind of journal record. */
export type RecordKind =
  | 'decided'
  | 'waiting'
  | 'done'
  | 'failed'
  | 'rolled_back'
  | 'rollback_failed'
  | 'approval'
  | 'policy'
  | 'pruned'
  | 'checkpoint';

/** Who wrote a record: one guard instance in one process. */
export interface WriterId {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
}

/** One line of the journal. Append-only and chained per writer: `hash` covers everything else, `prevHash` included. */
export interface JournalRecord {
  readonly v: 1;
  /** Counts from 1 over all writers of a store: a record cannot be taken out, put in or moved without a trace. */
  readonly position: number;
  /** Counts from 1 within a writer. */
  readonly seq: number;
  readonly writer: WriterId;
  readonly kind: RecordKind;
  /** The action that it tells of; '' for records about no action. */
  readonly actionId: string;
  readonly at: Date;
  readonly policyRevision: string;
  readonly namespace: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Hash of the writer's record before; for its first one the newest hash in the store, '' in an empty one. */
  readonly prevHash: string;
  /** Hex SHA-256. */
  readonly hash: string;
}
