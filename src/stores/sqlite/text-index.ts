import { ConfigError } from '../../core/errors.ts';
import type { SqlDatabase } from '../database.ts';
import { TEXT_INDEX } from './schema.ts';

const HAS_FTS5 = "SELECT count(*) AS modules FROM pragma_module_list WHERE name = 'fts5'";
const REMOVE_PRUNED = 'DELETE FROM entries_text WHERE rowid < (SELECT min(position) FROM journal)';

/** The full-text index over intents and reasons, by the position of their entry. */
export class TextIndex {
  readonly #database: SqlDatabase;
  #available: boolean | undefined;

  /** `available`: whether SQLite has FTS5; by default it is asked. */
  constructor(database: SqlDatabase, available?: boolean) {
    this.#database = database;
    this.#available = available;
  }

  /** False with an SQLite without FTS5 (Node before 22.16): nothing else of this may be called then. */
  get available(): boolean {
    this.#available ??= Number(this.#database.prepare(HAS_FTS5).get()?.modules) > 0;
    return this.#available;
  }

  /** Throws ConfigError where there is no full-text search. */
  require(): void {
    if (this.available) return;
    throw new ConfigError(
      `This Node's SQLite (${process.version}) has no full-text search. Use Node 22.16 or newer to search, or filter ` +
        'by agent, tool, tag or time instead.',
    );
  }

  /** Makes the table where it is not there yet. Costs next to nothing where it is. */
  create(): void {
    this.#database.prepare(TEXT_INDEX).run();
  }

  /** Puts an entry's texts in; `known` where some of it may be there. */
  put(position: number, intent: string, reason: string, known: boolean): void {
    const verb = known ? 'REPLACE' : 'INSERT';
    this.#database
      .prepare(`${verb} INTO entries_text (rowid, intent, reason) VALUES (?, ?, ?)`)
      .run(position, intent, reason);
  }

  /** Takes out what was pruned meanwhile by a process that has no full-text search. */
  removePruned(): void {
    this.#database.prepare(REMOVE_PRUNED).run();
  }

  /** Takes out everything through a position. */
  removeThrough(position: number): void {
    this.create();
    this.#database.prepare('DELETE FROM entries_text WHERE rowid <= ?').run(position);
  }
}

/**
 * What a person typed, as an FTS5 query: every word must occur, or begin a word that does. Each is quoted, so that
 * nothing in it is syntax. `undefined` where there is no word.
 */
export function textQuery(search: string): string | undefined {
  // FTS5 reads up to a NUL.
  const words = search.split(/[\s\0]+/).filter((word) => word !== '');
  if (words.length === 0) return undefined;
  return words.map((word) => `"${word.replaceAll('"', '""')}"*`).join(' ');
}
