import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  futimesSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { RollbackFailedError } from '../../core/errors.ts';
import { nodeCrypto } from '../../node-crypto.ts';
import type { BlobReader } from '../handler.ts';
import type { Entry, FileEntry, FolderEntry, LinkEntry } from './entry.ts';
import { allowing, modeUnder, NOT_ALLOWED, putBackLinkFacts } from './facts.ts';
import type { Folders } from './folders.ts';
import { isBelow, joined, nameOf, onDisk, type PathOnDisk, type PathText, parentOf } from './path-text.ts';
import { secondsOf } from './times.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_RDWR } = constants;

/** What file systems without hard links answer, and those where this user may make none, or none to there. */
export const NO_LINKS: readonly string[] = Object.freeze([
  ...['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV', 'ENOENT'],
]);

/** What lay in each folder before the act. */
export type Children = ReadonlyMap<PathText, readonly Entry[]>;

/** Makes files, folders and links anew as they were captured, under names that nothing has. */
export class Maker {
  readonly #folders: Folders;
  readonly #blobs: BlobReader;
  readonly #children: Children;
  /** Where each file is that had several names, by what is the same for all of them. */
  readonly #known = new Map<string, { readonly at: PathText; readonly ino: bigint }>();

  constructor(folders: Folders, blobs: BlobReader, children: Children) {
    this.#folders = folders;
    this.#blobs = blobs;
    this.#children = children;
  }

  /** Says where a file is as it was captured that had several names: its other names are linked to it. */
  know(entry: FileEntry, at: PathText): void {
    if (entry.links < 2) return;
    const { ino } = lstatSync(this.#place(at), { bigint: true });
    this.#known.set(keyOf(entry), { at, ino });
  }

  /** Says that what was made has another path now. */
  moved(from: PathText, to: PathText): void {
    for (const [key, { at, ino }] of this.#known) {
      if (at === from || isBelow(at, from)) this.#known.set(key, { at: to + at.slice(from.length), ino });
    }
  }

  /** Makes an entry, a folder with all that was in it. Once this returns it is on the disk. */
  make(entry: Entry, at: PathText): void {
    if (entry.type === 'file') this.#makeOrLink(entry, at);
    else if (entry.type === 'link') this.#makeLink(entry, at);
    else this.#makeFolder(entry, at);
    this.#folders.changed(parentOf(at));
  }

  /** Makes a file and leaves it open. Where its content is not the one that was captured, or the disk is full, none is left. */
  makeFile(entry: FileEntry, at: PathText): number {
    const fd = openSync(this.#place(at), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
      this.#fill(fd, entry);
      const stats = fstatSync(fd);
      const isOwned =
        (stats.uid === entry.uid && stats.gid === entry.gid) ||
        allowing(NOT_ALLOWED, () => fchownSync(fd, entry.uid, entry.gid));
      fchmodSync(fd, modeUnder(entry, isOwned));
      futimesSync(fd, secondsOf(entry.atime), secondsOf(entry.mtime));
      fsyncSync(fd);
      return fd;
    } catch (error) {
      closeSync(fd);
      unlinkSync(this.#place(at));
      throw error;
    }
  }

  /** Removes what was made there, also in part. Only what it could have made: other things stay, and are an error. */
  discard(entry: Entry, at: PathText): void {
    const stats = lstatSync(this.#place(at), { throwIfNoEntry: false });
    if (stats === undefined) return;
    if (entry.type !== 'folder' || !stats.isDirectory()) {
      unlinkSync(this.#place(at));
    } else {
      if ((stats.mode & 0o300) !== 0o300) chmodSync(this.#folders.itself(at), 0o700);
      for (const child of this.#children.get(entry.path) ?? []) {
        this.discard(child, joined(at, nameOf(child.path)));
      }
      rmdirSync(this.#place(at));
    }
    this.#folders.changed(parentOf(at));
  }

  #makeOrLink(entry: FileEntry, at: PathText): void {
    const twin = this.#known.get(keyOf(entry));
    if (twin !== undefined && this.#link(twin.at, at)) {
      if (lstatSync(this.#place(at), { bigint: true }).ino === twin.ino) return;
      // Somebody put another file in the place of the twin.
      unlinkSync(this.#place(at));
    }
    closeSync(this.makeFile(entry, at));
    this.know(entry, at);
  }

  #link(twin: PathText, at: PathText): boolean {
    // Of two places only the one that was asked for last is sure to be open.
    const folder = this.#folders.hold(parentOf(twin));
    try {
      return allowing(NO_LINKS, () => linkSync(onDisk(folder.place, nameOf(twin)), this.#place(at)));
    } finally {
      folder.release();
    }
  }

  #place(path: PathText): PathOnDisk {
    return this.#folders.at(parentOf(path), nameOf(path));
  }

  #fill(fd: number, entry: FileEntry): void {
    const { path, content } = entry;
    if (content === null) {
      const message = `Cannot put back ${path}: the action changed modes only, so that its content was not captured.`;
      throw new RollbackFailedError(message, { path, problem: 'content' });
    }
    const hash = nodeCrypto().createHash('sha256');
    for (const piece of this.#blobs.read(content)) {
      hash.update(piece);
      for (let at = 0; at < piece.length; ) at += writeSync(fd, piece, at);
    }
    if (hash.digest('hex') === content) return;
    const message = `Cannot put back ${path}: its kept content was damaged. Nothing was changed there.`;
    throw new RollbackFailedError(message, { path, problem: 'content' });
  }

  #makeLink(entry: LinkEntry, at: PathText): void {
    symlinkSync(Buffer.from(entry.target, 'base64'), this.#place(at));
    putBackLinkFacts(this.#place(at), entry, lstatSync(this.#place(at), { bigint: true }));
  }

  #makeFolder(entry: FolderEntry, at: PathText): void {
    mkdirSync(this.#place(at), { mode: 0o700 });
    this.#checkNew(entry, at);
    for (const child of this.#children.get(entry.path) ?? []) {
      this.make(child, joined(at, nameOf(child.path)));
    }
    const stats = this.#folders.stats(at);
    const place = this.#folders.itself(at);
    const isOwned =
      (Number(stats.uid) === entry.uid && Number(stats.gid) === entry.gid) ||
      allowing(NOT_ALLOWED, () => chownSync(place, entry.uid, entry.gid));
    chmodSync(place, modeUnder(entry, isOwned));
    utimesSync(place, secondsOf(entry.atime), secondsOf(entry.mtime));
    this.#folders.changed(at);
  }

  /** Between making a folder and opening it, somebody could put another one there. */
  #checkNew(entry: FolderEntry, at: PathText): void {
    if (this.#folders.names(at).length === 0) return;
    const message = `Cannot put back ${entry.path}: the new folder for it was exchanged. Look at ${parentOf(at)}, then roll back again.`;
    throw new RollbackFailedError(message, { path: entry.path, problem: 'exchanged' });
  }
}

/** The same for all names of a file. */
function keyOf({ ino, content }: FileEntry): string {
  return `${ino} ${content}`;
}
