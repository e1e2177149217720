import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
} from 'node:fs';
import { RollbackFailedError } from '../../core/errors.ts';
import { type FolderNote, permissions } from './entry.ts';
import {
  joined,
  nameOf,
  namesOf,
  nameText,
  onDisk,
  type PathOnDisk,
  type PathText,
  rootOf,
  wholeOnDisk,
} from './path-text.ts';
import { codeOf } from './problem.ts';

/** Opens a place without reading it: no permission to list a folder is needed to pass through. Linux on every processor. */
const O_PATH = 0o10000000;
const { O_DIRECTORY = 0, O_NOFOLLOW = 0, O_RDONLY } = constants;
const QUIET = { bigint: true, throwIfNoEntry: false } as const;

/** What is known of the folders that must not have been exchanged. */
export interface ExpectedFolders {
  readonly notes: ReadonlyMap<PathText, FolderNote>;
  /** Epoch milliseconds: a folder that was made since then may be in place of another. */
  readonly since: number;
}

/** A folder that was reached without following a link. */
interface OpenFolder {
  readonly path: PathText;
  readonly stats: BigIntStats;
  /** `null` where folders cannot be held open. */
  readonly fd: number | null;
  isChanged: boolean;
}

/**
 * Reaches folders name by name and never through a symbolic link. On Linux each is held open and the next name is looked
 * up in the open one (`/proc/self/fd/N/name`), so that nothing that is moved or linked meanwhile leads anywhere else.
 * Elsewhere each folder on the way is looked at again before every use, which leaves a moment.
 */
export class Folders {
  /** Whether folders are held open while something in them is changed. */
  readonly areHeld: boolean;
  readonly #expected: ExpectedFolders | undefined;
  /** Which folder each path led to at first, where nothing else says which it should be. */
  readonly #first = new Map<PathText, bigint>();
  /** From the root to the one that was asked for last. */
  #way: OpenFolder[] = [];

  constructor(expected?: ExpectedFolders, held: boolean = canHoldFolders()) {
    this.#expected = expected;
    this.areHeld = held;
  }

  /** True where a folder on the way to it, or it, is not there. Throws for one that was exchanged, or is no folder. */
  isMissing(path: PathText): boolean {
    try {
      this.#open(path);
      return false;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return true;
      throw error;
    }
  }

  /** What the system says of a folder. */
  stats(path: PathText): BigIntStats {
    this.#open(path);
    return this.#way.map(({ stats }) => stats).at(-1) as BigIntStats;
  }

  /** Notes of a folder and of all on the way to it. */
  notesOf(path: PathText): FolderNote[] {
    this.#open(path);
    return this.#way.map((folder) => ({
      path: folder.path,
      ino: String(folder.stats.ino),
      mode: permissions(folder.stats),
      atime: String(folder.stats.atimeNs),
      mtime: String(folder.stats.mtimeNs),
    }));
  }

  /** A name in a folder, as the file system can be asked about it right now. */
  at(path: PathText, name: string): PathOnDisk {
    return onDisk(this.itself(path), name);
  }

  /** The folder itself, as the file system can be asked about it right now. */
  itself(path: PathText): string {
    const { fd } = this.#open(path);
    if (fd !== null) return `/proc/self/fd/${fd}`;
    for (const folder of this.#way) this.#lookAgain(folder);
    return path;
  }

  /** A folder that can be asked about while another one is. It has to be released. */
  hold(path: PathText): { readonly place: string; readonly release: () => void } {
    const place = this.itself(path);
    if (!this.areHeld) return { place, release: () => undefined };
    const fd = openSync(place, O_PATH | O_DIRECTORY);
    return { place: `/proc/self/fd/${fd}`, release: () => closeSync(fd) };
  }

  /** What a folder holds, in the order of the names. */
  names(path: PathText): string[] {
    const here = this.itself(path);
    const names = readdirSync(here === '/' ? here : `${here}/`, { encoding: 'buffer' }).map(nameText);
    return names.sort();
  }

  /** Says that something in the folder was changed: it is written to the disk when it is left. */
  changed(path: PathText): void {
    this.#open(path).isChanged = true;
  }

  /** Writes to the disk what a folder holds. */
  sync(path: PathText): void {
    this.#open(path).isChanged = false;
    writeToDisk(this.itself(path));
  }

  /** Lets go of all folders. Those that were changed are written to the disk. */
  close(): void {
    this.#leave(0);
  }

  #open(path: PathText): OpenFolder {
    const last = this.#way.at(-1);
    if (last?.path === path) return last;
    const names = namesOf(path);
    let known = 1;
    let here = rootOf(path);
    if (this.#way[0]?.path !== here) {
      this.#leave(0);
      this.#way.push(this.#enter(here, wholeOnDisk(here)));
    }
    for (const name of names) {
      here = joined(here, name);
      if (this.#way[known]?.path !== here) {
        this.#leave(known);
        const parent = this.#way[known - 1] as OpenFolder;
        const inside = parent.fd === null ? parent.path : `/proc/self/fd/${parent.fd}`;
        this.#way.push(this.#enter(here, onDisk(inside, name)));
      }
      known++;
    }
    this.#leave(known);
    return this.#way[known - 1] as OpenFolder;
  }

  #enter(path: PathText, place: PathOnDisk): OpenFolder {
    if (!this.areHeld) {
      const stats = lstatSync(place, { bigint: true });
      if (!stats.isDirectory()) throw this.#notAFolder(path, stats);
      this.#check(path, stats);
      return { path, stats, fd: null, isChanged: false };
    }
    const fd = this.#openHeld(path, place);
    try {
      const stats = fstatSync(fd, { bigint: true });
      this.#check(path, stats);
      return { path, stats, fd, isChanged: false };
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  #openHeld(path: PathText, place: PathOnDisk): number {
    try {
      return openSync(place, O_PATH | O_DIRECTORY | O_NOFOLLOW);
    } catch (error) {
      const stats = codeOf(error) === 'ENOENT' ? undefined : lstatSync(place, QUIET);
      throw stats === undefined || stats.isDirectory() ? error : this.#notAFolder(path, stats);
    }
  }

  /** A folder that was made since, by a restore for one, is what the path now means; one from elsewhere is not. */
  #check(path: PathText, stats: BigIntStats): void {
    const expected = this.#expected;
    if (expected === undefined) {
      const first = this.#first.get(path) ?? stats.ino;
      if (first !== stats.ino) throw exchanged(path, 'another folder than a moment ago');
      this.#first.set(path, first);
      return;
    }
    const note = expected.notes.get(path);
    if (note === undefined || note.ino === String(stats.ino)) return;
    if (process.platform !== 'linux' || stats.birthtimeNs === 0n) return;
    if (stats.birthtimeNs >= BigInt(expected.since - 1_000) * 1_000_000n) return;
    throw exchanged(path, 'another folder than at the time of the action');
  }

  #notAFolder(path: PathText, stats: BigIntStats): Error {
    const what = stats.isSymbolicLink() ? 'a symbolic link by now' : 'no folder any more';
    const isOnTheWay = this.#expected === undefined || this.#expected.notes.has(path);
    // Below a captured path a folder may have become something else: what was in it is then not there.
    return isOnTheWay ? exchanged(path, what) : Object.assign(new Error(what), { code: 'ENOENT' });
  }

  #lookAgain({ path, stats }: OpenFolder): void {
    const now = lstatSync(wholeOnDisk(path), { bigint: true });
    if (!now.isDirectory()) throw this.#notAFolder(path, now);
    if (now.ino !== stats.ino || now.dev !== stats.dev) throw exchanged(path, 'another folder by now');
  }

  #leave(from: number): void {
    if (from >= this.#way.length) return;
    const left = this.#way.splice(from).reverse();
    try {
      for (const { path, fd, isChanged } of left) {
        if (isChanged) writeToDisk(fd === null ? wholeOnDisk(path) : `/proc/self/fd/${fd}`);
      }
    } finally {
      for (const { fd } of left) if (fd !== null) closeSync(fd);
    }
  }
}

function writeToDisk(folder: PathOnDisk): void {
  let fd: number;
  try {
    fd = openSync(folder, O_RDONLY);
  } catch (error) {
    // One that may be written to but not listed cannot be opened for this, nor can any on Windows, nor one that is gone.
    if (['EACCES', 'EPERM', 'EISDIR', 'ENOENT'].includes(codeOf(error))) return;
    throw error;
  }
  try {
    fsyncSync(fd);
  } catch (error) {
    if (process.platform !== 'win32' && codeOf(error) !== 'EINVAL') throw error;
  } finally {
    closeSync(fd);
  }
}

function exchanged(path: PathText, what: string): Error {
  const message = `The folder ${path} is ${what}. Nothing was changed behind it: put the folder back, then roll back again.`;
  return new RollbackFailedError(message, { path, folder: nameOf(path), problem: 'folder' });
}

/** Whether this system looks names up in open folders. */
export function canHoldFolders(): boolean {
  if (process.platform !== 'linux') return false;
  const fd = openSync('/', O_PATH | O_DIRECTORY);
  try {
    const seen = lstatSync(`/proc/self/fd/${fd}/.`, QUIET);
    return seen !== undefined && seen.ino === fstatSync(fd, { bigint: true }).ino;
  } finally {
    closeSync(fd);
  }
}
