import type { RecordDraft } from '../../core/chain.ts';
import type { Clock } from '../../core/clock.ts';
import { readPruned } from '../../core/pruned.ts';
import type { WriterId } from '../../core/record.ts';
import { bodyFromText } from '../../core/wire.ts';
import type { SqlDatabase, SqlValue } from '../database.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** Most records that are removed in one transaction. */
const BATCH = 1_000;
/** A leap of the wall clock is at least as long as this, and half the retention. */
const LEAST_LEAP_MS = DAY_MS;

/** What retention needs of the store. */
export interface RetentionOptions {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly writer: WriterId;
  /** Records older than this are removed; `null` keeps all. */
  readonly retentionDays: number | null;
  readonly isAlive: (writerId: string) => boolean;
  /** Removes from the projection what comes of the records up to this position. Called within the transaction. */
  readonly forget: (throughPosition: number) => void;
  /**
   * Removes requests for approval and grants that had ended before a time (epoch milliseconds), at most so many of each;
   * answers with the larger of the two counts. Called within the transaction.
   */
  readonly forgetEnded: (before: number, most: number) => number;
  /** Appends one record. Called within the transaction. */
  readonly append: (draft: RecordDraft) => void;
  /** Tells that nothing is removed yet, and why. */
  readonly warn: (message: string) => void;
}

type Row = Record<string, SqlValue>;

/** Columns of a record that tell whether it may go. The state is that of a decision, else `null`. */
const COLUMNS = `position, writer_id, seq, hash, at, kind, action_id,
  CASE WHEN kind = 'decided' AND json_valid(body) THEN json_extract(body, '$.state') END AS state`;
const OLDEST = `SELECT ${COLUMNS} FROM journal ORDER BY position LIMIT ${BATCH + 1}`;
/** `kind` comes first: most records of an action are met before its body need be read. */
const NEXT_OF_ACTION = `SELECT ${COLUMNS} FROM journal
  WHERE position > ? AND action_id = ? AND kind IN ('waiting', 'decided', 'done', 'failed') ORDER BY position LIMIT 1`;

const NEWEST_BEFORE = 'SELECT at FROM journal WHERE position < ? ORDER BY position DESC LIMIT 1';
const NEWEST_PRUNED = `SELECT body FROM journal
  WHERE position = (SELECT position FROM pruning) AND kind = 'pruned'`;
const NOTE_PRUNED = `INSERT INTO pruning (id, position) VALUES (1, (SELECT max(position) FROM journal))
  ON CONFLICT (id) DO UPDATE SET position = excluded.position`;

/**
 * Removes records that are older than the retention: the oldest ones in their order, up to the first that must stay.
 * That is one that is young enough, one of an action that is under way, or the newest of all. What was removed is told
 * by a `pruned` record.
 *
 * What is old is told by the wall clock. Where that seems to have leapt since the record before, nothing is removed for
 * an hour by the other clock, in which somebody may set it right.
 */
export class Retention {
  readonly #options: RetentionOptions;
  #nextAt = Number.NEGATIVE_INFINITY;
  /** True from a doubt about the wall clock to the next time that it is due. */
  #hasDoubted = false;
  /** How far the wall clock is before the other one. */
  #ahead: number;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#ahead = aheadOf(options.clock);
  }

  /** True at the first append, an hour after all that was old was removed, and in between until it is. */
  get isDue(): boolean {
    const { clock, retentionDays } = this.#options;
    return retentionDays !== null && clock.monotonic() >= this.#nextAt;
  }

  /**
   * Removes at most 1,000 records, and as many requests and grants, so that no call waits long. `like` is a record that was just written: the one that
   * tells of the removal has its policy revision and namespace. `position` is that of the first record written with it.
   * Throws what the database says; it is tried again in an hour then.
   */
  prune(like: RecordDraft, position: number): void {
    const { database, clock } = this.#options;
    const before = this.#nextAt;
    this.#nextAt = clock.monotonic() + HOUR_MS;
    if (this.#doubtsClock(position)) return;
    const removed = database.transaction(() =>
      Math.max(this.#options.forgetEnded(this.#oldest(), BATCH), this.#removeBatch(like)),
    );
    if (removed === BATCH) this.#nextAt = before;
  }

  /**
   * True, the first time, where the wall clock went on for much longer than the other one since it was looked at last,
   * or than since the newest record before a position.
   */
  #doubtsClock(position: number): boolean {
    const { database, clock, retentionDays, warn } = this.#options;
    const row = database.prepare(NEWEST_BEFORE).get(position);
    const silence = row === undefined ? 0 : clock.now() - Date.parse(String(row.at));
    const ahead = aheadOf(clock);
    const leap = Math.max(silence, ahead - this.#ahead);
    const usual = Math.max(LEAST_LEAP_MS, ((retentionDays ?? 0) * DAY_MS) / 2);
    this.#ahead = ahead;
    this.#hasDoubted = !this.#hasDoubted && leap > usual;
    if (!this.#hasDoubted) return false;
    warn(
      `The clock shows ${new Date(clock.now()).toISOString()}. Either nothing was journaled for ` +
        `${Math.round(leap / HOUR_MS)} hours, or the clock is wrong. Records that are older than the retention are ` +
        'removed in an hour: if it is wrong, set it right before.',
    );
    return true;
  }

  #removeBatch(like: RecordDraft): number {
    const { database, forget, append, clock, writer } = this.#options;
    const old = this.#removable(database.prepare(OLDEST).all());
    const first = old[0];
    const last = old.at(-1);
    if (first === undefined || last === undefined) return 0;
    const throughPosition = Number(last.position);
    const fromPosition = this.#goneFrom(Number(first.position));
    forget(throughPosition);
    database.prepare('DELETE FROM journal WHERE position <= ?').run(throughPosition);
    database.prepare('DELETE FROM ingested WHERE position <= ?').run(throughPosition);
    const body = Object.freeze({
      fromPosition,
      throughPosition,
      count: old.length,
      writers: lastOfEach(old),
      firstAt: String(first.at),
      lastAt: String(last.at),
    });
    const at = new Date(clock.now());
    append({ ...like, writer, kind: 'pruned', actionId: '', at, body: () => body });
    database.prepare(NOTE_PRUNED).run();
    return old.length;
  }

  /** Where the range begins that is gone once this pass has removed the records from `first` on. */
  #goneFrom(first: number): number {
    const row = this.#options.database.prepare(NEWEST_PRUNED).get();
    try {
      const told = row && readPruned(bodyFromText('pruned', String(row.body)));
      return told?.throughPosition === first - 1 ? told.fromPosition : first;
    } catch {
      // Edited by hand. The gap before this range then stays unexplained, as it should.
      return first;
    }
  }

  /** What is older than this may go. */
  #oldest(): number {
    const { clock, retentionDays } = this.#options;
    return clock.now() - (retentionDays ?? Number.POSITIVE_INFINITY) * DAY_MS;
  }

  /** The rows from the first that may all go. The last one read never does: it may be the newest. */
  #removable(rows: readonly Row[]): readonly Row[] {
    const oldest = this.#oldest();
    const young = rows.findIndex(({ at }) => !(Date.parse(String(at)) < oldest));
    const end = Math.min(young === -1 ? rows.length : young, rows.length - 1);
    const old = rows.slice(0, Math.max(0, end));
    const lastOf = new Map(old.filter(tellsOfAction).map((row) => [row.action_id, row]));
    const underWay = old.findIndex(
      (row) => isOpen(row) && this.#isUnderWay(lastOf.get(row.action_id) ?? row),
    );
    return underWay === -1 ? old : old.slice(0, underWay);
  }

  /** True where the action waits or runs, as far as anybody knows. `row` is a late record of it. */
  #isUnderWay(row: Row): boolean {
    const { database, isAlive } = this.#options;
    let last = row;
    while (isOpen(last) && isAlive(String(last.writer_id))) {
      const next = database.prepare(NEXT_OF_ACTION).get(Number(last.position), String(last.action_id));
      if (next === undefined) return true;
      last = next;
    }
    return false;
  }
}

function aheadOf(clock: Clock): number {
  return clock.now() - clock.monotonic();
}

function tellsOfAction({ kind }: Row): boolean {
  return kind === 'waiting' || kind === 'decided' || kind === 'done' || kind === 'failed';
}

/** True where the action goes on after this record. */
function isOpen({ kind, state }: Row): boolean {
  return kind === 'waiting' || (kind === 'decided' && state === 'running');
}

function lastOfEach(rows: readonly Row[]): readonly { id: string; seq: number; hash: string }[] {
  const last = new Map(rows.map((row) => [String(row.writer_id), row]));
  return [...last].map(([id, { seq, hash }]) => ({ id, seq: Number(seq), hash: String(hash) }));
}
