import type { AuditEntry } from '../../core/entry.ts';
import type { SqlDatabase } from '../database.ts';
import { type EntryFilter, queryOf } from './entry-query.ts';
import { positionsOf } from './entry-row.ts';
import { foldAt } from './folding.ts';

/** Some entries, newest first, and where the next ones begin: the `before` of their filter. */
export interface EntryPage {
  readonly entries: AuditEntry[];
  /** `null` where there are no more. */
  readonly next: number | null;
}

const BY_ACTION = 'SELECT position, positions FROM entries WHERE action_id = ?';
const BY_ACTIONS = `SELECT position, positions FROM entries
  WHERE action_id IN (SELECT value FROM json_each(?)) AND last_position <= ?`;
/** Actions that were cleared to run and did not end. The state is said twice: SQLite then sees that its index will do. */
export const RUNNING = `SELECT position, positions, writer_id FROM entries
  WHERE state IN ('running', 'waiting') AND state = 'running' ORDER BY position DESC`;

/** The entries as the projection has them: it must be caught up. */
export class Entries {
  readonly #database: SqlDatabase;
  readonly #writerIsAlive: (writerId: string) => boolean;

  constructor(database: SqlDatabase, writerIsAlive: (writerId: string) => boolean) {
    this.#database = database;
    this.#writerIsAlive = writerIsAlive;
  }

  /** Newest first. Throws ConfigValidationError for a time that cannot be read. */
  page(filter: EntryFilter): EntryPage {
    const query = queryOf(this.#database, filter);
    if (query === undefined) return { entries: [], next: null };
    const rows = this.#database.prepare(query.sql).all(...query.values);
    const last = rows.at(-1);
    const more = rows.length === query.limit && last !== undefined;
    return { entries: this.#fold(rows), next: more ? Number(last.position) : null };
  }

  entry(actionId: string): AuditEntry | undefined {
    return this.#fold(this.#database.prepare(BY_ACTION).all(actionId))[0];
  }

  /** Those of these actions that have one, and no record behind a position. */
  entriesOf(actionIds: readonly string[], through: number): AuditEntry[] {
    const rows = this.#database.prepare(BY_ACTIONS).all(JSON.stringify(actionIds), through);
    return this.#fold(rows);
  }

  /** Every action whose tool was cleared to run by a writer that is gone, and whose end nobody wrote. Newest first. */
  interrupted(): AuditEntry[] {
    const rows = this.#database.prepare(RUNNING).all();
    const isGone = once((writerId: string) => !this.#writerIsAlive(writerId));
    return this.#fold(rows.filter(({ writer_id }) => isGone(String(writer_id)))).filter(
      ({ state }) => state === 'interrupted',
    );
  }

  #fold(rows: readonly Readonly<Record<string, unknown>>[]): AuditEntry[] {
    const isAlive = once(this.#writerIsAlive);
    const actions = rows.map(({ position, positions }) => positionsOf(Number(position), positions));
    return foldAt(this.#database, actions).map((entry) => {
      const goesOn = entry.state === 'running' || entry.state === 'waiting';
      return goesOn && !isAlive(entry.writer.id) ? { ...entry, state: 'interrupted' } : entry;
    });
  }
}

/** The same answers, each asked for once. */
function once(answer: (of: string) => boolean): (of: string) => boolean {
  const known = new Map<string, boolean>();
  return (of) => {
    const before = known.get(of);
    if (before !== undefined) return before;
    const now = answer(of);
    known.set(of, now);
    return now;
  };
}
