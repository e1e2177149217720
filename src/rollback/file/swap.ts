import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  futimesSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { isSameFile, piecesOf } from './content.ts';
import { type Entry, type FileData, type FileEntry, permissions } from './entry.ts';
import { changedMeanwhile, type Expected } from './expected.ts';
import { putBackFacts } from './facts.ts';
import type { Folders } from './folders.ts';
import type { Seen } from './look.ts';
import { type Maker, NO_LINKS } from './make.ts';
import { joined, nameOf, type PathOnDisk, type PathText, parentOf } from './path-text.ts';
import { codeOf } from './problem.ts';
import type { Remover } from './remove.ts';
import { type TemporaryUse, temporaryName } from './temporary.ts';
import { secondsOf } from './times.ts';

const { O_NOFOLLOW = 0, O_WRONLY } = constants;

/** Puts captured things in the place of what is there, or of nothing. */
export class Swapper {
  readonly #data: FileData;
  readonly #folders: Folders;
  readonly #expected: Expected;
  readonly #maker: Maker;
  readonly #remover: Remover;

  constructor(data: FileData, folders: Folders, expected: Expected, maker: Maker, remover: Remover) {
    this.#data = data;
    this.#folders = folders;
    this.#expected = expected;
    this.#maker = maker;
    this.#remover = remover;
  }

  /**
   * Makes the thing under a temporary name and puts it in place in one step. Where that cannot be one step, a folder
   * in place of a file or the other way round, the temporary file is the sign that they were begun.
   */
  swap(entry: Entry, index: number, seen: Seen | undefined): void {
    const { path } = entry;
    this.#expected.check(path, seen);
    if (seen === undefined) this.#putWhereNothingIs(entry, index);
    else if (entry.type === 'file' && isStillLinked(entry, seen)) this.#writeInPlace(entry, index, seen);
    else this.#replace(entry, index, seen);
  }

  /** Removes what an attempt that was broken off left beside an entry. */
  sweep(entry: Entry, index: number, use: TemporaryUse): void {
    if (this.#folders.isMissing(parentOf(entry.path))) return;
    this.#maker.discard(entry, this.#temporary(entry, use, index));
  }

  #replace(entry: Entry, index: number, seen: Seen): void {
    const { path } = entry;
    const inSteps = seen.type === 'folder' || entry.type === 'folder';
    const temporary = this.#temporary(entry, inSteps ? 'swap' : 'new', index);
    this.#maker.discard(entry, temporary);
    this.#maker.make(entry, temporary);
    if (inSteps) {
      this.#folders.sync(parentOf(path));
      this.#remover.remove(seen);
    } else {
      const now = lstatSync(this.#place(path), { bigint: true, throwIfNoEntry: false });
      if (now === undefined || !isSameFile(now, seen.stats)) {
        this.#maker.discard(entry, temporary);
        throw changedMeanwhile(path);
      }
    }
    this.#rename(temporary, path);
  }

  #temporary({ path }: Entry, use: TemporaryUse, index: number): PathText {
    return joined(parentOf(path), temporaryName(this.#data, use, index));
  }

  #place(path: PathText): PathOnDisk {
    return this.#folders.at(parentOf(path), nameOf(path));
  }

  #rename(temporary: PathText, path: PathText): void {
    renameSync(this.#place(temporary), this.#place(path));
    this.#maker.moved(temporary, path);
    this.#folders.changed(parentOf(path));
  }

  /** What appears there meanwhile is not overwritten: links are made, and files linked, only where nothing is. */
  #putWhereNothingIs(entry: Entry, index: number): void {
    const { path } = entry;
    if (entry.type === 'link') {
      this.#maker.make(entry, path);
      return;
    }
    const temporary = this.#temporary(entry, 'new', index);
    this.#maker.make(entry, temporary);
    if (entry.type === 'file') {
      try {
        linkSync(this.#place(temporary), this.#place(path));
        this.#maker.moved(temporary, path);
        unlinkSync(this.#place(temporary));
        return;
      } catch (error) {
        if (!NO_LINKS.includes(codeOf(error))) {
          this.#maker.discard(entry, temporary);
          throw error;
        }
      }
    }
    if (lstatSync(this.#place(path), { throwIfNoEntry: false }) !== undefined) {
      this.#maker.discard(entry, temporary);
      throw changedMeanwhile(path);
    }
    this.#rename(temporary, path);
  }

  /**
   * A file with several names is written to as the act did, for a new one in its place would leave the others as they
   * are. The content is first brought beside it, whole and checked, and stays there until all is written.
   */
  #writeInPlace(entry: FileEntry, index: number, seen: Seen): void {
    const { path } = entry;
    const temporary = this.#temporary(entry, 'swap', index);
    this.#maker.discard(entry, temporary);
    const from = this.#maker.makeFile(entry, temporary);
    try {
      this.#folders.sync(parentOf(path));
      const to = this.#openForWriting(path, seen);
      try {
        if (!isSameFile(fstatSync(to, { bigint: true }), lstatSync(this.#place(path), { bigint: true }))) {
          throw changedMeanwhile(path);
        }
        let size = 0;
        for (const piece of piecesOf(from, Number(entry.size))) {
          for (let at = 0; at < piece.length; ) {
            const written = writeSync(to, piece, at, piece.length - at, size);
            at += written;
            size += written;
          }
        }
        ftruncateSync(to, size);
        fchmodSync(to, entry.mode);
        futimesSync(to, secondsOf(entry.atime), secondsOf(entry.mtime));
        fsyncSync(to);
      } finally {
        closeSync(to);
      }
    } finally {
      closeSync(from);
    }
    unlinkSync(this.#place(temporary));
    this.#folders.changed(parentOf(path));
    this.#maker.know(entry, path);
  }

  #openForWriting(path: PathText, { stats }: Seen): number {
    try {
      return openSync(this.#place(path), O_WRONLY | O_NOFOLLOW);
    } catch (error) {
      if (codeOf(error) !== 'EACCES') throw error;
      const owner = { uid: Number(stats.uid), gid: Number(stats.gid), atime: '0', mtime: '0' };
      putBackFacts(
        this.#folders,
        path,
        { path, ...owner, mode: permissions(stats) | 0o200 },
        stats,
        'no times',
      );
      return openSync(this.#place(path), O_WRONLY | O_NOFOLLOW);
    }
  }
}

function isStillLinked(entry: FileEntry, seen: Seen): boolean {
  const isSame = seen.type === 'file' && entry.ino === String(seen.stats.ino);
  return isSame && entry.links > 1 && seen.stats.nlink > 1n;
}
