import {
  type ChainTip,
  type RecordDraft,
  type SealedRecord,
  type Sha256,
  sealRecord,
} from '../../core/chain.ts';
import type { WriterId } from '../../core/record.ts';
import { ApprovalRows } from './approval-rows.ts';
import type { SqliteDatabase } from './database.ts';
import { type Writers, wrongName } from './writers.ts';

/** The records of one append, which are written together or not at all. */
export type Drafts = readonly RecordDraft[];

/** What became of a batch of appends. */
export interface Written {
  /** How many of them, from the first, were dealt with; the rest is for another batch. */
  readonly taken: number;
  /**
   * What the drafts of one append threw when their records were built, or what they rely on that is not there any more,
   * by its index; nothing of it was written.
   */
  readonly failures: ReadonlyMap<number, unknown>;
  /** The records that were written, in order. */
  readonly records: readonly SealedRecord[];
}

/** Where a chain ends, and the position of its last record. */
interface Tip extends ChainTip {
  readonly position: number;
}

/** A transaction's own view of where everything ends; thrown away with it. */
interface Ends {
  position: number;
  hash: string;
  readonly tips: Map<string, Tip>;
}

interface Filled extends Written {
  readonly drafts: Drafts;
  readonly tips: ReadonlyMap<string, Tip>;
}

const NEWEST = 'SELECT position, hash FROM journal ORDER BY position DESC LIMIT 1';
const INSERT =
  'INSERT INTO journal (position, writer_id, seq, kind, action_id, at, policy_revision, namespace, body, prev_hash, ' +
  'hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)';
const HASH_AT = 'SELECT hash FROM journal WHERE position = ?';
const LAST_OF_WRITER =
  'SELECT position, seq, hash FROM journal WHERE writer_id = ? AND position > ? ORDER BY position DESC LIMIT 1';

/** The journal's own table: gives records their places in their writers' chains and in the store, and writes them. */
export class JournalTable {
  readonly #database: SqliteDatabase;
  readonly #writers: Writers;
  readonly #sha256: Sha256;
  readonly #approvals: ApprovalRows;
  /** Ends that were committed, by writer. */
  readonly #tips = new Map<string, Tip>();
  /** Who was entered under which id. */
  readonly #entered = new Map<string, WriterId>();
  /** Writers whose end must be read before they write: others of this process may have written under their name. */
  readonly #doubtful = new Set<string>();
  /** Writers that were entered before their first record: nothing of theirs need be looked for. */
  readonly #fresh = new Set<string>();
  #undone = 0;
  /** What a COMMIT that threw may have written, while nobody could look. */
  #unsure: { readonly drafts: Drafts; readonly records: readonly SealedRecord[] }[] = [];
  #foundWritten = new WeakSet<RecordDraft>();

  constructor(database: SqliteDatabase, writers: Writers, sha256: Sha256) {
    this.#database = database;
    this.#writers = writers;
    this.#sha256 = sha256;
    this.#approvals = new ApprovalRows(database);
  }

  /**
   * Writes appends in one transaction, until `maxBytes` of bodies are written; or joins the transaction that is open.
   * Throws when the database takes none of them.
   */
  write(appends: readonly Drafts[], maxBytes = Number.POSITIVE_INFINITY): Written {
    const joins = this.#database.inTransaction;
    const filled = this.#commit(appends, maxBytes, joins);
    for (const [writer, tip] of filled.tips) {
      // What was written in somebody else's transaction may yet be undone.
      if (joins) {
        this.#doubtful.add(writer);
      } else {
        this.#tips.set(writer, tip);
        this.#doubtful.delete(writer);
      }
    }
    return filled;
  }

  /** Enters a writer that may die before its first record; call it within the transaction. */
  enter(writer: WriterId): void {
    if (!this.#tips.has(writer.id) && this.#writers.enter(writer) === undefined) this.#fresh.add(writer.id);
  }

  /** Notes in one transaction that all who wrote here have written their last record. */
  leave(): void {
    this.#database.transaction(() => {
      this.#lookAgain();
      for (const id of new Set([...this.#tips.keys(), ...this.#doubtful])) {
        const known = this.#tips.get(id);
        const tip = this.#doubtful.has(id) ? (this.#lastOf(id, known) ?? known) : known;
        if (tip !== undefined) this.#writers.leave(id, tip);
      }
    });
  }

  #commit(appends: readonly Drafts[], maxBytes: number, joins: boolean): Filled {
    const batch: { filled?: Filled } = {};
    try {
      return this.#database.transaction(() => {
        batch.filled = this.#fill(appends, maxBytes);
        return batch.filled;
      });
    } catch (error) {
      if (batch.filled === undefined || joins || !this.#isThere(batch.filled)) throw error;
      return batch.filled;
    }
  }

  /** True where a COMMIT that threw has written all the same. */
  #isThere({ drafts, records }: Filled): boolean {
    const last = records.at(-1);
    if (last === undefined) return false;
    try {
      return this.#database.prepare(HASH_AT).get(last.position)?.hash === last.hash;
    } catch {
      this.#unsure.push({ drafts, records });
      return false;
    }
  }

  #fill(appends: readonly Drafts[], maxBytes: number): Filled {
    this.#lookAgain();
    const newest = this.#database.prepare(NEWEST).get();
    const ends: Ends = {
      position: newest === undefined ? 0 : Number(newest.position),
      hash: newest === undefined ? '' : String(newest.hash),
      tips: new Map(),
    };
    const insert = this.#database.prepare(INSERT);
    const failures = new Map<number, unknown>();
    const records: SealedRecord[] = [];
    const drafts: RecordDraft[] = [];
    let bytes = 0;
    let taken = 0;
    for (const append of appends) {
      if (bytes >= maxBytes) break;
      const sealed = this.#seal(append, ends);
      if (sealed.threw === undefined) drafts.push(...append);
      else failures.set(taken, sealed.threw.error);
      for (const record of sealed.records) {
        const { position, writer, seq, kind, actionId, at, policyRevision, namespace, body } = record;
        const { prevHash, hash } = record;
        insert.run(
          position,
          writer.id,
          seq,
          kind,
          actionId,
          at,
          policyRevision,
          namespace,
          body,
          prevHash,
          hash,
        );
        bytes += body.length;
        records.push(record);
      }
      taken++;
    }
    return { taken, failures, records, drafts, tips: ends.tips };
  }

  /**
   * Builds an append's records behind the ends, uses up what they rely on, and moves the ends; or does nothing where
   * building one throws, or what it relies on is not there any more.
   */
  #seal(append: Drafts, ends: Ends): { records: SealedRecord[]; threw?: { error: unknown } } {
    const records: SealedRecord[] = [];
    const tips = new Map<string, Tip>();
    let { position, hash } = ends;
    const unwritten = append.filter((draft) => !this.#foundWritten.has(draft));
    for (const draft of unwritten) {
      const { id } = draft.writer;
      this.#checkName(draft.writer);
      const tip = tips.get(id) ?? ends.tips.get(id) ?? this.#tipOf(draft.writer, hash);
      let record: SealedRecord;
      try {
        checkText('action id', draft.actionId);
        checkText('policy revision', draft.policyRevision);
        checkText('namespace', draft.namespace);
        record = sealRecord(draft, tip, position + 1, this.#sha256);
      } catch (error) {
        return { records: [], threw: { error } };
      }
      position = record.position;
      hash = record.hash;
      tips.set(id, { seq: record.seq, hash, position });
      records.push(record);
    }
    const spent = this.#approvals.useUp(unwritten);
    if (spent !== undefined) return { records: [], threw: { error: spent } };
    ends.position = position;
    ends.hash = hash;
    for (const [id, tip] of tips) ends.tips.set(id, tip);
    return { records };
  }

  /** Forgets what no longer holds after a failure. */
  #lookAgain(): void {
    if (this.#undone !== this.#database.undone) {
      this.#undone = this.#database.undone;
      for (const id of this.#tips.keys()) this.#doubtful.add(id);
    }
    for (const { drafts, records } of this.#unsure) {
      const last = records.at(-1);
      const there = this.#database.prepare(HASH_AT).get(last?.position ?? 0)?.hash;
      if (last === undefined || there !== last.hash) continue;
      for (const draft of drafts) this.#foundWritten.add(draft);
    }
    this.#unsure = [];
  }

  /** Where a writer's chain ends. A new writer's begins with the newest hash of the store. */
  #tipOf(writer: WriterId, newestHash: string): Tip {
    const known = this.#tips.get(writer.id);
    if (known !== undefined && !this.#doubtful.has(writer.id)) return known;
    const left = this.#writers.enter(writer);
    this.#entered.set(writer.id, writer);
    const isNew = this.#fresh.delete(writer.id) || left === undefined;
    const last = isNew ? undefined : this.#lastOf(writer.id, known);
    // Its last records may have been pruned since.
    return last ?? known ?? { ...(left ?? { seq: 0, hash: newestHash }), position: 0 };
  }

  /** The table has one host and process for an id: the hash of a record of another one would not fit. */
  #checkName(writer: WriterId): void {
    const entered = this.#entered.get(writer.id);
    if (entered === undefined || entered === writer) return;
    if (entered.host !== writer.host || entered.pid !== writer.pid) throw wrongName(writer, entered);
  }

  #lastOf(id: string, known: Tip | undefined): Tip | undefined {
    const row = this.#database.prepare(LAST_OF_WRITER).get(id, known?.position ?? 0);
    return row && { position: Number(row.position), seq: Number(row.seq), hash: String(row.hash) };
  }
}

/**
 * A body is JSON, which can hold any text. Elsewhere SQLite would give back another text than the one that the record's
 * hash covers, and the record would seem to have been edited.
 */
function checkText(name: string, text: string): void {
  if (text.isWellFormed() && !text.includes('\0')) return;
  throw new Error(
    `The ${name} ${JSON.stringify(text)} holds half a character or a NUL, which the journal cannot keep.`,
  );
}
