import { RollbackFailedError } from '../../core/errors.ts';
import type { BlobReader } from '../handler.ts';
import { hashContent } from './content.ts';
import {
  type Entry,
  type FileData,
  type FileEntry,
  type FolderEntry,
  type FolderNote,
  isUntouched,
  type Scope,
} from './entry.ts';
import { Expected } from './expected.ts';
import { putBackFacts, putBackLinkFacts } from './facts.ts';
import type { Folders } from './folders.ts';
import { type Seen, see } from './look.ts';
import { Maker } from './make.ts';
import { joined, nameOf, type PathText, parentOf } from './path-text.ts';
import { codeOf, restoreProblem } from './problem.ts';
import { Remover } from './remove.ts';
import type { LookedAt } from './state.ts';
import { Swapper } from './swap.ts';
import { isTemporary } from './temporary.ts';
import { isSameTime } from './times.ts';

/** Puts back what a snapshot tells of. What is already as it was stays untouched. */
export class Restoration {
  readonly #data: FileData;
  readonly #folders: Folders;
  readonly #entries = new Map<PathText, Entry>();
  readonly #indexes = new Map<PathText, number>();
  readonly #children = new Map<PathText, Entry[]>();
  readonly #expected: Expected;
  readonly #remover: Remover;
  readonly #maker: Maker;
  readonly #swapper: Swapper;

  /** `looked`: what was there when it was found that it may be overwritten. */
  constructor(data: FileData, looked: LookedAt, blobs: BlobReader, folders: Folders) {
    this.#data = data;
    this.#folders = folders;
    for (const [index, entry] of data.entries.entries()) {
      this.#entries.set(entry.path, entry);
      this.#indexes.set(entry.path, index);
      const parent = parentOf(entry.path);
      const siblings = this.#children.get(parent);
      if (siblings === undefined) this.#children.set(parent, [entry]);
      else siblings.push(entry);
    }
    this.#expected = new Expected(data, folders, this.#entries, looked);
    this.#remover = new Remover(folders, this.#expected);
    this.#maker = new Maker(folders, blobs, this.#children);
    this.#swapper = new Swapper(data, folders, this.#expected, this.#maker, this.#remover);
  }

  /** Everything. Throws a RollbackFailedError at the first thing that cannot be put back. */
  run(): void {
    const untouched = this.#data.folders.filter((note) => this.#isAsLeft(note));
    for (const note of untouched) if (isRoomy(note.mode)) this.#putBackFolder(note, 'no times');
    for (const entry of this.#data.entries) this.#findTwin(entry);
    for (const { path, scope } of this.#data.paths) this.#restore(path, scope);
    for (const note of untouched) this.#putBackFolder(note, 'times');
  }

  #restore(path: PathText, scope: Scope): void {
    const entry = this.#entries.get(path);
    try {
      if (entry !== undefined) this.#restoreEntry(entry, scope);
      else this.#remove(path);
    } catch (error) {
      throw restoreProblem(path, error);
    }
  }

  /** Of the names of one file those that are there still are what the others are linked to. */
  #findTwin(entry: Entry): void {
    if (entry.type !== 'file' || entry.links < 2 || entry.content === null) return;
    const seen = see(this.#folders, entry.path);
    if (seen?.type !== 'file' || entry.ino !== String(seen.stats.ino)) return;
    if (this.#hasContent(entry, seen)) this.#maker.know(entry, entry.path);
  }

  #remove(path: PathText): void {
    const seen = see(this.#folders, path);
    if (seen !== undefined) this.#remover.remove(seen);
  }

  #restoreEntry(entry: Entry, scope: Scope): void {
    const { path } = entry;
    const index = this.#indexes.get(path) ?? 0;
    this.#swapper.sweep(entry, index, 'new');
    const seen = see(this.#folders, path);
    if (entry.type === 'folder' && seen?.type === 'folder') this.#restoreFolder(entry, seen, scope);
    else if (scope === 'modes') this.#restoreMode(entry, seen);
    else if (seen !== undefined && this.#isSame(entry, seen)) this.#restoreFacts(entry, seen);
    else this.#swapper.swap(entry, index, seen);
    this.#swapper.sweep(entry, index, 'swap');
  }

  #restoreFolder(entry: FolderEntry, seen: Seen, scope: Scope): void {
    const { path } = entry;
    if (!isSameMode(entry, seen)) this.#expected.check(path, seen);
    // What lies in it can only be put back while it may be written to.
    const first = scope === 'itself' || isRoomy(entry.mode);
    if (first) putBackFacts(this.#folders, path, entry, seen.stats, 'no times');
    if (scope === 'itself') return;
    for (const inside of this.#inside(path, scope)) this.#restore(inside, scope);
    const now = see(this.#folders, path);
    if (now?.type !== 'folder') return;
    putBackFacts(this.#folders, path, entry, now.stats, scope === 'tree' ? 'times' : 'no times');
  }

  #inside(path: PathText, scope: Scope): Set<PathText> {
    const inside = new Set((this.#children.get(path) ?? []).map((child) => child.path));
    if (scope !== 'tree') return inside;
    for (const name of this.#folders.names(path)) {
      if (!isTemporary(this.#data, name)) inside.add(joined(path, name));
    }
    return inside;
  }

  #restoreMode(entry: Entry, seen: Seen | undefined): void {
    if (seen?.type === 'link' && entry.type === 'link') return;
    this.#expected.check(entry.path, seen);
    if (seen?.type !== entry.type) {
      const message = `Cannot put back ${entry.path}: the action was to change modes only, so that its content was not captured.`;
      throw new RollbackFailedError(message, { path: entry.path, problem: 'content' });
    }
    putBackFacts(this.#folders, entry.path, entry, seen.stats, 'no times');
  }

  #isSame(entry: Entry, seen: Seen): boolean {
    if (entry.type === 'link') return seen.target?.equals(Buffer.from(entry.target, 'base64')) === true;
    return entry.type === 'file' && seen.type === 'file' && this.#hasContent(entry, seen);
  }

  #hasContent(entry: FileEntry, { stats }: Seen): boolean {
    if (entry.size !== String(stats.size)) return false;
    if (isUntouched(entry, stats, this.#data.at)) return true;
    try {
      const folder = parentOf(entry.path);
      return hashContent(this.#folders, folder, nameOf(entry.path)).ref.hash === entry.content;
    } catch (error) {
      // A file that may not be read can still be replaced by one that is known.
      if (codeOf(error) === 'EACCES') return false;
      throw error;
    }
  }

  #restoreFacts(entry: Entry, seen: Seen): void {
    const { path } = entry;
    if (entry.type === 'link') {
      putBackLinkFacts(this.#folders.at(parentOf(path), nameOf(path)), entry, seen.stats);
      return;
    }
    if (!isSameMode(entry, seen)) this.#expected.check(path, seen);
    putBackFacts(this.#folders, path, entry, seen.stats, 'times');
  }

  /** Whether nobody has changed anything in a folder since the act, which did. */
  #isAsLeft({ path, left }: FolderNote): boolean {
    if (left === undefined || this.#folders.isMissing(path)) return false;
    const { mtimeNs, mode } = this.#folders.stats(path);
    return isSameTime(left.mtime, mtimeNs) && left.mode === Number(mode & 0o7777n);
  }

  #putBackFolder(note: FolderNote, times: 'times' | 'no times'): void {
    const seen = see(this.#folders, note.path);
    if (seen?.type !== 'folder') return;
    const { uid, gid } = seen.stats;
    const facts = { ...note, uid: Number(uid), gid: Number(gid) };
    putBackFacts(this.#folders, note.path, facts, seen.stats, times);
  }
}

/** Whether its owner may list, enter and change a folder of this mode. */
function isRoomy(mode: number): boolean {
  return (mode & 0o700) === 0o700;
}

function isSameMode(entry: Entry, { stats }: Seen): boolean {
  return entry.mode === Number(stats.mode & 0o7777n);
}
