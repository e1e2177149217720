import { uptime } from 'node:os';
import type { ChainTip } from '../../core/chain.ts';
import type { Clock } from '../../core/clock.ts';
import type { WriterId } from '../../core/record.ts';
import type { SqlDatabase, SqlValue } from '../database.ts';
import { incarnationOf, isForeignNamespace, isSameLife } from './incarnation.ts';
import { readable } from './journal-row.ts';

/** How long an answer of {@link Writers.isAlive} is kept, in milliseconds. */
const KNOWN_MS = 1_000;
const MOST_KNOWN = 1_000;
const WRITER = `SELECT host, ${readable('pid')} AS pid, incarnation, ${readable('started_at')} AS started_at,
  ${readable('closed_at')} AS closed_at, ${readable('last_seq')} AS last_seq, last_hash FROM writers WHERE id = ?`;
/** How far a wall clock may have been set since a process started, in milliseconds. */
const CLOCK_STEP_MS = 60_000;

/** The end of a writer's chain as it was when the writer was closed, or `null` when it never was. */
export type LastTip = ChainTip | null;

/** Who writes to the store, and who of them still can. */
export class Writers {
  readonly #database: SqlDatabase;
  readonly #clock: Clock;
  readonly #host: string;
  readonly #incarnation = incarnationOf('self');
  readonly #known = new Map<string, { readonly alive: boolean; readonly until: number }>();

  /** `host` is this machine's name, as this process's writers give it. */
  constructor(database: SqlDatabase, clock: Clock, host: string) {
    this.#database = database;
    this.#clock = clock;
    this.#host = host;
  }

  /**
   * Enters a writer that is about to write; call it within the transaction. Returns the end of its chain when it was
   * closed before, `null` when it was entered and not closed, `undefined` when it is new. Throws for an id that another
   * process has: what was written under it would carry the wrong name.
   */
  enter(writer: WriterId): LastTip | undefined {
    const { changes } = this.#database
      .prepare(
        'INSERT OR IGNORE INTO writers (id, host, pid, incarnation, started_at) VALUES (?, ?, ?, ?, ?)',
      )
      .run(writer.id, writer.host, writer.pid, this.#incarnation, Math.trunc(this.#clock.now()));
    this.#known.delete(writer.id);
    if (Number(changes) === 1) return undefined;
    const row = this.#row(writer.id);
    if (row === undefined) throw new Error(`The writer ${writer.id} could not be entered.`);
    if (row.host !== writer.host || row.pid !== writer.pid) {
      throw wrongName(writer, { host: String(row.host), pid: Number(row.pid) });
    }
    if (row.closed_at === null) return null;
    this.#database.prepare('UPDATE writers SET closed_at = NULL WHERE id = ?').run(writer.id);
    return row.last_seq === null || row.last_hash === null
      ? null
      : { seq: Number(row.last_seq), hash: String(row.last_hash) };
  }

  /** Notes that a writer has written its last record; `tip` is that record. Call it within the transaction. */
  leave(id: string, tip: ChainTip & { readonly position: number }): void {
    this.#database
      .prepare(
        'UPDATE writers SET closed_at = ?, last_seq = ?, last_hash = ?, last_position = ? WHERE id = ?',
      )
      .run(Math.trunc(this.#clock.now()), tip.seq, tip.hash, tip.position, id);
    this.#known.delete(id);
  }

  /**
   * Whether a writer may still write. In doubt it may, also when nothing is known of it (it enters with its first
   * record): what belongs to it is then left alone. An answer may be a second old. Throws what the database says.
   */
  isAlive(id: string): boolean {
    const now = this.#clock.monotonic();
    const known = this.#known.get(id);
    if (known !== undefined && now < known.until) return known.alive;
    const row = this.#row(id);
    const alive = row === undefined || (row.closed_at === null && this.#mayRun(row));
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.set(id, { alive, until: now + KNOWN_MS });
    return alive;
  }

  #row(id: string): Record<string, SqlValue> | undefined {
    return this.#database.prepare(WRITER).get(id);
  }

  #mayRun(row: Record<string, SqlValue>): boolean {
    // The processes of another machine cannot be seen from here.
    if (row.host !== this.#host) return true;
    const pid = Number(row.pid);
    const incarnation = row.incarnation === null ? null : String(row.incarnation);
    const same = isSameLife(pid, incarnation);
    if (same !== null) return same;
    if (isForeignNamespace(incarnation)) return true;
    if (!processExists(pid)) return false;
    const bootedAt = this.#clock.now() - uptime() * 1000;
    return incarnation !== null || Number(row.started_at) >= bootedAt - CLOCK_STEP_MS;
  }
}

/** The error for an id that belongs to somebody else. */
export function wrongName(writer: WriterId, owner: Omit<WriterId, 'id'>): Error {
  return new Error(
    `The writer id ${writer.id} belongs to process ${owner.pid} on ${owner.host}, not to process ${writer.pid} on ` +
      `${writer.host}: every guard needs an id of its own.`,
  );
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user may not be signalled, but it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
