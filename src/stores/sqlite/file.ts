import {
  accessSync,
  type BigIntStats,
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes the database's file ready to be opened: missing folders are created for this user only (0700), and so is the
 * file (0600; SQLite gives its companions the same mode). What exists keeps its mode. Returns the file's real path.
 * Throws an Error that says what is in the way.
 *
 * An existing file is never opened here: closing it would drop the locks that SQLite holds on it for another guard of
 * this process.
 */
export function prepareFile(path: string): string {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!exists(path)) create(path);
  const real = realFile(path);
  const { R_OK, W_OK, X_OK } = constants;
  requireAccess(dirname(real), W_OK | X_OK, `its folder ${dirname(real)} is read-only for this user`);
  requireAccess(real, R_OK | W_OK, 'the file is read-only for this user, or not readable');
  return real;
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function create(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    // Another process was faster.
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/** Follows a link only to a file of this user: whoever could plant one would else choose where the journal goes. */
function realFile(path: string): string {
  const isLink = lstatSync(path).isSymbolicLink();
  const target = statSync(path, { throwIfNoEntry: false });
  if (target === undefined) throw new Error('it is a symbolic link to nothing');
  if (isLink && process.getuid !== undefined && target.uid !== process.getuid()) {
    throw new Error('it is a symbolic link to a file of another user');
  }
  if (target.isDirectory()) throw new Error('it is a folder; name a file in it');
  if (!target.isFile()) throw new Error('it is no regular file');
  return realpathSync(path);
}

function requireAccess(path: string, mode: number, otherwise: string): void {
  try {
    accessSync(path, mode);
  } catch (cause) {
    throw new Error(otherwise, { cause });
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** Files as they were found once, to tell later whether they still are the same. */
export class FilesInPlace {
  readonly #files: ReadonlyMap<string, BigIntStats>;

  /** Takes the files as they are now. Throws what the file system says for one that is missing. */
  constructor(paths: readonly string[]) {
    this.#files = new Map(paths.map((path) => [path, statSync(path, { bigint: true })]));
  }

  /** The first file that is no longer the one it was, and how so; `undefined` while all are in place. */
  missing(): { readonly path: string; readonly how: 'removed' | 'replaced' } | undefined {
    for (const [path, { dev, ino }] of this.#files) {
      const now = statSync(path, { bigint: true, throwIfNoEntry: false });
      if (now === undefined) return { path, how: 'removed' };
      if (now.dev !== dev || now.ino !== ino) return { path, how: 'replaced' };
    }
    return undefined;
  }
}
