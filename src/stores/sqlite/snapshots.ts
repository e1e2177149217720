import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { RecordDraft } from '../../core/chain.ts';
import type { Snapshot, SnapshotAsk } from '../../core/snapshot.ts';
import type { SqlDatabase, SqlValue } from '../database.ts';
import { rowOfSnapshot, snapshotOfRow } from '../snapshot-row.ts';
import { type Aged, agedOf, beyond, changedSnapshot, SWEEP_MS, UNUSED_MS } from '../snapshot-rules.ts';
import type {
  SnapshotBefore,
  SnapshotChange,
  SnapshotFilter,
  SnapshotLimits,
  SnapshotStore,
} from '../snapshot-store.ts';
import { SqliteBlobs } from './blobs.ts';
import { readable } from './journal-row.ts';
import { KEY_FILE } from './key.ts';

const SELECT = `SELECT position, id, action_id, handler, action_type, tool_name, agent_id, task_id, session_id,
  ${readable('captured_at')} AS captured_at, data, before_act, after_act, blobs, ${readable('bytes')} AS bytes, state,
  restoring_by FROM snapshots`;
const CHANGE = `UPDATE snapshots SET data = ?, after_act = ?, blobs = ?, bytes = ?, state = ?, restoring_by = ? WHERE id = ?`;
const TOTALS = 'SELECT count(*) AS count, total(bytes) AS bytes FROM snapshots';
const AGED = 'SELECT id, bytes, state, captured_at FROM snapshots ORDER BY position';
const NOTE_BLOB = 'INSERT OR IGNORE INTO snapshot_blobs (hash, snapshot_id) VALUES (?, ?)';
const FORGET_BLOBS = 'DELETE FROM snapshot_blobs WHERE snapshot_id = ?';
const REMOVE = 'DELETE FROM snapshots WHERE id = ?';
const DEFAULT_LIMIT = 100;

/** What snapshots need of the store that they are part of. */
export interface SqliteSnapshotsOptions {
  readonly database: SqlDatabase & { readonly path: string };
  /** Appends one record, within the transaction. */
  readonly append: (draft: RecordDraft) => void;
  /** Writes the records that wait to be written, so that none is overtaken. */
  readonly writeGathered: () => void;
  /** Whether a writer may still write; in doubt true. */
  readonly writerIsAlive: (writerId: string) => boolean;
  /** Large contents lie here as files. */
  readonly folder: string;
  readonly syncs: boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Snapshots in tables beside the journal: what tells of a change is written with it, in one transaction. */
export class SqliteSnapshots implements SnapshotStore {
  readonly blobs: SqliteBlobs;
  readonly ownPaths: readonly string[];
  readonly #options: SqliteSnapshotsOptions;
  #sweptAt = Number.NEGATIVE_INFINITY;

  constructor(options: SqliteSnapshotsOptions) {
    this.#options = options;
    this.blobs = new SqliteBlobs(options);
    const { path } = options.database;
    const besides = ['-wal', '-shm', '-journal'].map((end) => path + end);
    const key = join(dirname(path), KEY_FILE);
    this.ownPaths = Object.freeze([path, ...besides, key, options.folder].map(withoutLinks));
  }

  enter(ask: SnapshotAsk): Snapshot {
    const row = rowOfSnapshot({ ...ask, after: null, state: 'captured', restoringBy: null });
    const columns = Object.keys(row);
    const insert = `INSERT INTO snapshots (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
      RETURNING position`;
    return this.#options.database.transaction(() => {
      const position = this.#options.database.prepare(insert).get(...Object.values(row))?.position ?? null;
      this.#noteBlobs(ask.id, ask.blobs);
      return snapshotOfRow({ ...row, position });
    });
  }

  get(id: string): Snapshot | undefined {
    return this.#select({ id }, 1)[0];
  }

  list({ actionId, taskId, agentId, state, limit = DEFAULT_LIMIT }: SnapshotFilter): readonly Snapshot[] {
    return this.#select({ action_id: actionId, task_id: taskId, agent_id: agentId, state }, limit);
  }

  change(
    id: string,
    from: SnapshotBefore,
    change: SnapshotChange,
    drafts: readonly RecordDraft[] = [],
  ): Snapshot | undefined {
    this.#options.writeGathered();
    return this.#options.database.transaction(() => {
      const changed = changedSnapshot(this.get(id), from, change);
      if (changed === undefined) return undefined;
      const { data, after_act, blobs, bytes, state, restoring_by } = rowOfSnapshot(changed);
      const values = [data, after_act, blobs, bytes, state, restoring_by, id];
      this.#options.database.prepare(CHANGE).run(...values.map((value) => value ?? null));
      if (change.blobs !== undefined) this.#noteBlobs(id, change.blobs);
      for (const draft of drafts) this.#options.append(draft);
      return changed;
    });
  }

  isBeingRestored({ state, restoringBy }: Snapshot): boolean {
    return state === 'restoring' && (restoringBy === null || this.#options.writerIsAlive(restoringBy));
  }

  prune(limits: SnapshotLimits, now: number): number {
    const { database } = this.#options;
    const isDue = now - this.#sweptAt >= SWEEP_MS || now < this.#sweptAt;
    const totals = database.prepare(TOTALS).get();
    const gone = beyond(
      aged(database),
      { count: Number(totals?.count ?? 0), bytes: Number(totals?.bytes ?? 0) },
      limits,
    );
    if (gone.length === 0 && !isDue) return 0;
    database.transaction(() => {
      for (const id of gone) {
        database.prepare(FORGET_BLOBS).run(id);
        database.prepare(REMOVE).run(id);
      }
      if (isDue) this.blobs.removeUnused(now - UNUSED_MS);
    });
    if (isDue) this.#sweptAt = now;
    return gone.length;
  }

  #noteBlobs(id: string, hashes: readonly string[]): void {
    for (const hash of new Set(hashes)) this.#options.database.prepare(NOTE_BLOB).run(hash, id);
  }

  #select(where: Readonly<Record<string, SqlValue | undefined>>, limit: number): Snapshot[] {
    const given = Object.entries(where).flatMap(([column, value]) =>
      value === undefined ? [] : [{ column, value }],
    );
    const filter =
      given.length === 0 ? '' : ` WHERE ${given.map(({ column }) => `${column} = ?`).join(' AND ')}`;
    const most = limit > 0 && Number.isSafeInteger(Math.ceil(limit)) ? Math.ceil(limit) : limit > 0 ? -1 : 0;
    const rows = this.#options.database
      .prepare(`${SELECT}${filter} ORDER BY position DESC LIMIT ?`)
      .all(...given.map(({ value }) => value), most);
    return rows.map(snapshotOfRow);
  }
}

function* aged(database: SqlDatabase): Generator<Aged> {
  for (const row of database.prepare(AGED).iterate()) yield agedOf(row);
}

/** The folder may be linked to; the last name need not be there. */
function withoutLinks(path: string): string {
  const folder = dirname(path);
  try {
    return join(realpathSync(folder), basename(path));
  } catch {
    return path;
  }
}
