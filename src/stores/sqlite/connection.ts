import type { DatabaseSync } from 'node:sqlite';
import { isBusy } from './failure.ts';
import { checkOwner, migrate } from './migrate.ts';
import { nodeSqlite } from './node-sqlite.ts';
import { BUSY_TIMEOUT_MS } from './patience.ts';

/** What the journal survives: the end of the process, or of the power. */
export type Durability = 'process' | 'power';

/** How a connection is opened. */
export interface ConnectionOptions {
  readonly durability: Durability;
  /** SQLite's version, e.g. `3.53.4`; by default the one that is there. */
  readonly sqliteVersion?: string | undefined;
}

/** An open connection. */
export interface Connection {
  readonly handle: DatabaseSync;
  /** Files that must stay in place while the connection is open. */
  readonly files: readonly string[];
  /** The version of an SQLite whose WAL mode was not used because it can damage files, else `null`. */
  readonly unsafeWal: string | null;
}

/** The first version without the bug that can damage a database in WAL mode when two connections write at once. */
const SAFE_WAL = Object.freeze([3, 51, 3]);
const RETRY_MS = 10;
/** Of a new file. A usual record takes 2 KB: on pages of 4 KB, SQLite's own choice, only one would find room. */
const PAGE_SIZE = 8_192;
const JOURNAL_SIZE_LIMIT = 64 * 1024 * 1024;

/**
 * Opens an existing file (an empty one becomes a database), checks whose it is and brings its tables up to date.
 * Throws what SQLite says, or an Error that says what is in the way; the file then is as it was.
 */
export function connect(path: string, options: ConnectionOptions): Connection {
  const handle = new (nodeSqlite().DatabaseSync)(path);
  try {
    handle.exec(
      `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF`,
    );
    // Before anything is written: even the journal mode is a change to somebody else's file.
    checkOwner(handle);
    handle.exec(`PRAGMA page_size = ${PAGE_SIZE}`);
    const version = options.sqliteVersion ?? versionOf(handle);
    const safe = isSafe(version);
    const wal = setJournalMode(handle, safe ? 'wal' : 'truncate', version);
    // What is erased or removed is overwritten: a page that is free again would keep what a person was shown.
    handle.exec(
      `PRAGMA synchronous = ${options.durability === 'power' ? 'FULL' : 'NORMAL'};
      PRAGMA fullfsync = ${options.durability === 'power' ? 'ON' : 'OFF'};
      PRAGMA journal_size_limit = ${JOURNAL_SIZE_LIMIT};
      PRAGMA secure_delete = ON`,
    );
    migrate(handle);
    const files = wal ? [path, `${path}-wal`, `${path}-shm`] : [path];
    return { handle, files, unsafeWal: safe ? null : version };
  } catch (error) {
    handle.close();
    throw error;
  }
}

/**
 * For a connection with `unsafeWal`: another process, of a newer Node, may have put the database in WAL mode since.
 * Takes it out again, or throws while the other one has it open.
 */
export function leaveWal(handle: DatabaseSync, unsafeWal: string): void {
  // Without reading the file first, the mode would be the one that this connection has seen last.
  handle.prepare('PRAGMA user_version').get();
  if (handle.prepare('PRAGMA journal_mode').get()?.journal_mode !== 'wal') return;
  setJournalMode(handle, 'truncate', unsafeWal);
}

function versionOf(handle: DatabaseSync): string {
  return String(handle.prepare('SELECT sqlite_version() AS version').get()?.version);
}

function isSafe(version: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, needed] of SAFE_WAL.entries()) {
    const part = parts[index] ?? 0;
    if (part !== needed) return part > needed;
  }
  return true;
}

/**
 * True when the database is in WAL mode then. Where WAL does not work (a file system without shared memory) SQLite
 * keeps another mode, and the journal is kept in that.
 */
function setJournalMode(handle: DatabaseSync, wanted: 'wal' | 'truncate', version: string): boolean {
  const mode = journalMode(handle, wanted);
  if (wanted === 'wal' && mode !== 'wal') journalMode(handle, 'truncate');
  if (wanted === 'truncate' && mode === 'wal') {
    throw new Error(
      `another process has it open in WAL mode, in which this Node's SQLite ${version} can damage it. Use one ` +
        'version of Node for all processes on the file, best one with SQLite 3.51.3 or newer',
    );
  }
  return mode === 'wal';
}

/** SQLite does not always wait for locks here. Answers with the mode that the database is in then. */
function journalMode(handle: DatabaseSync, mode: 'wal' | 'truncate'): unknown {
  const deadline = performance.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      return handle.prepare(`PRAGMA journal_mode = ${mode}`).get()?.journal_mode;
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() > deadline) {
        if (mode === 'truncate') return handle.prepare('PRAGMA journal_mode').get()?.journal_mode;
        throw error;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}
