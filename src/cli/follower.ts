import type { AuditEntry } from '../core/entry.ts';
import type { EntryFilter } from '../stores/sqlite/entry-query.ts';
import type { JournalReader } from '../stores/sqlite/reader.ts';

/** Actions whose last news are remembered, so that nothing is told twice. */
const MAX_TOLD = 10_000;

/**
 * The news of a journal, whoever writes them: an action when it has ended, was refused or interrupted, and when it
 * waits for a person. An action that runs is told when it ends.
 */
export class Follower {
  readonly #reader: JournalReader;
  readonly #filter: EntryFilter;
  /** What was told last of an action. Oldest first. */
  readonly #told = new Map<string, string>();
  #interrupted: ReadonlySet<string>;
  #position: number;

  /** News from now on. Throws what the store says. */
  constructor(reader: JournalReader, filter: EntryFilter) {
    this.#reader = reader;
    this.#filter = filter;
    this.#position = reader.newestPosition();
    this.#interrupted = new Set(reader.interrupted());
  }

  /** What there was before, oldest first: at most `limit` entries. Call it once, first. */
  before(limit: number): AuditEntry[] {
    return this.#reader
      .page({ ...this.#filter, limit })
      .entries.reverse()
      .filter((entry) => this.#isNews(entry));
  }

  /** What is new since the last call, in the order in which it happened. What it threw at is told by the next one. */
  news(): AuditEntry[] {
    const changed = new Set<string>();
    let position = this.#position;
    for (const record of this.#reader.recordsAfter(position)) {
      position = record.position;
      changed.add(record.actionId);
    }
    const entries = [...changed].flatMap((id) => this.#reader.matching(id, this.#filter) ?? []);
    this.#position = position;
    return entries.filter((entry) => this.#isNews(entry));
  }

  /** The actions that were found interrupted since the last call: their writer died, which no record tells. */
  interrupted(): AuditEntry[] {
    const ids = this.#reader.interrupted();
    const found = ids.filter((id) => !this.#interrupted.has(id));
    const entries = found.flatMap((id) => this.#reader.matching(id, this.#filter) ?? []);
    this.#interrupted = new Set(ids);
    return entries.filter((entry) => entry.state === 'interrupted' && this.#isNews(entry));
  }

  #isNews({ actionId, state, rolledBack }: AuditEntry): boolean {
    const news = rolledBack ? `${state}, rolled back` : state;
    if (state === 'running' || this.#told.get(actionId) === news) return false;
    this.#told.delete(actionId);
    this.#told.set(actionId, news);
    const [oldest] = this.#told.keys();
    if (this.#told.size > MAX_TOLD && oldest !== undefined) this.#told.delete(oldest);
    return true;
  }
}
