import { IrreversibleError, RollbackError } from '../../core/errors.ts';
import { nodeCrypto } from '../../node-crypto.ts';
import type { BlobKeeper } from '../handler.ts';
import { keepContent } from './content.ts';
import {
  type CapturedPath,
  type Entry,
  type FileData,
  type FolderNote,
  factsOf,
  type Scope,
} from './entry.ts';
import { Folders } from './folders.ts';
import { locate, MAX_LINKS } from './locate.ts';
import { type Seen, see } from './look.ts';
import {
  isBelow,
  joined,
  nameOf,
  type PathText,
  parentOf,
  type Route,
  rootOf,
  routeOf,
  routeOfLink,
  textOf,
} from './path-text.ts';
import { captureProblem } from './problem.ts';

/** How much one action may change and still be undone. */
export interface CaptureLimits {
  /** Files, folders and links together. */
  readonly maxEntries: number;
  /** Levels of folders below a captured path. */
  readonly maxDepth: number;
  /** Bytes of all contents together. */
  readonly maxBytes: number;
  /** What to do where that is too little; with a space before it, or empty. */
  readonly hint: string;
}

/** A path that an action may change. */
export interface Target {
  readonly route: Route;
  readonly scope: Scope;
  /** Whether the action may write to what is in a folder, and so through links in it. */
  readonly writesInside?: boolean | undefined;
  /** Whether it is a path by its look only: `/cc everyone` is prose. */
  readonly isGuessed?: boolean | undefined;
}

const SCOPES: readonly Scope[] = ['itself', 'modes', 'tree'];

/** What is there of all that an action may change: first the names and facts of it, then what is in the files. */
export class Survey {
  readonly #limits: CaptureLimits;
  readonly #own: ReadonlySet<PathText>;
  readonly #folders: Folders;
  readonly #paths = new Map<PathText, CapturedPath>();
  readonly #entries = new Map<PathText, Entry>();
  /** Files whose content the action may change. */
  readonly #wanted = new Set<PathText>();
  readonly #at = Date.now();
  /** Where links lead that were found inside folders; `null` while nobody wants to know. */
  #links: Route[] | null = null;

  /** `own`: paths of the guard's own, which are never put back. */
  constructor(limits: CaptureLimits, held: boolean, own: readonly string[] = []) {
    this.#limits = limits;
    this.#own = new Set(own.map((path) => textOf(routeOf(path))));
    this.#folders = new Folders(undefined, held);
  }

  /**
   * Takes down what is there, contents aside: a link, and what it leads to, since who writes to it writes there. Throws an
   * IrreversibleError for what is too much or is no file, folder or link.
   */
  add(targets: readonly Target[]): void {
    for (const { route, scope, writesInside = false, isGuessed = false } of targets) {
      if (isGuessed && !canBe(route)) continue;
      this.#links = writesInside ? [] : null;
      this.#follow(route, scope);
      const inside = this.#links ?? [];
      this.#links = null;
      // What lies in a folder that such a link leads to is not looked for: it is too easily all of a disk.
      for (const link of inside) this.#follow(link, 'itself');
    }
    this.#checkBytes();
  }

  /** Keeps the contents and answers with the data of the snapshot; `null` where no path was added. */
  finish(blobs: BlobKeeper): FileData | null {
    if (this.#paths.size === 0) return null;
    for (const path of this.#wanted) this.#keep(path, blobs);
    const paths = [...this.#paths.values()].filter((captured) => !this.#isCovered(captured));
    return {
      format: 1,
      mark: nodeCrypto().randomBytes(8).toString('hex'),
      at: this.#at,
      folders: this.#notes(paths),
      paths,
      entries: [...this.#entries.values()],
    };
  }

  /** Lets go of the folders. */
  close(): void {
    this.#folders.close();
  }

  /** Before anything is read: what is too much is not copied in vain. */
  #checkBytes(): void {
    const { maxBytes, hint } = this.#limits;
    let bytes = 0n;
    for (const path of this.#wanted) {
      const entry = this.#entries.get(path);
      if (entry?.type === 'file') bytes += BigInt(entry.size);
      if (bytes > maxBytes)
        throw tooMuch(path, `and what goes with it have more than ${maxBytes} bytes`, hint);
    }
  }

  #follow(route: Route, scope: Scope): void {
    let next: Route | null = route;
    for (let links = 0; next !== null && links <= MAX_LINKS; links++) {
      const { path, leadsTo } = locate(next);
      this.#addPath(path, scope);
      next = leadsTo;
    }
  }

  #addPath(path: PathText, scope: Scope): void {
    if (path === rootOf(path)) {
      // A folder is not made where there is one, and nothing else leaves the root as it is.
      if (scope === 'itself') return;
      throw new IrreversibleError(`${path} is the whole file system: that cannot be put back.`, { path });
    }
    const known = this.#paths.get(path);
    if (known !== undefined && SCOPES.indexOf(known.scope) >= SCOPES.indexOf(scope)) return;
    this.#paths.set(path, { path, scope });
    try {
      this.#walk(path, scope, 0);
    } catch (error) {
      throw captureProblem(path, error);
    }
    // Where nothing is, all that will be there is the act's.
    if (!this.#entries.has(path)) this.#paths.set(path, { path, scope: 'tree' });
  }

  #walk(path: PathText, scope: Scope, depth: number): void {
    const seen = see(this.#folders, path);
    // Also one that was there a moment ago: then the act finds nothing either.
    if (seen === undefined) return;
    if (this.#own.has(path)) throw guardsOwn(path);
    const { maxDepth, maxEntries, hint } = this.#limits;
    if (depth > maxDepth) throw tooMuch(path, `lies more than ${maxDepth} folders deep`);
    if (!this.#entries.has(path)) this.#entries.set(path, entryOf(seen));
    if (this.#entries.size > maxEntries) {
      throw tooMuch(path, `and what goes with it are more than ${maxEntries} files and folders`, hint);
    }
    if (seen.target !== null && depth > 0) this.#links?.push(routeOfLink(parentOf(path), seen.target));
    if (seen.type === 'file' && scope !== 'modes') this.#wanted.add(path);
    if (seen.type !== 'folder' || scope === 'itself') return;
    for (const name of this.#folders.names(path)) this.#walk(joined(path, name), scope, depth + 1);
  }

  #keep(path: PathText, blobs: BlobKeeper): void {
    const entry = this.#entries.get(path);
    if (entry?.type !== 'file') return;
    try {
      const { stats, ref } = keepContent(this.#folders, parentOf(path), nameOf(path), blobs);
      if (entry.ino !== String(stats.ino)) throw exchanged(path);
      const facts = { ...factsOf(path, stats), size: String(stats.size), links: Number(stats.nlink) };
      this.#entries.set(path, { ...facts, type: 'file', content: ref.hash });
    } catch (error) {
      throw captureProblem(path, error);
    }
  }

  #isCovered({ path, scope }: CapturedPath): boolean {
    for (const other of this.#paths.values()) {
      const covers = other.scope === 'tree' || (other.scope === 'modes' && scope !== 'tree');
      if (covers && isBelow(path, other.path)) return true;
    }
    return false;
  }

  #notes(paths: readonly CapturedPath[]): FolderNote[] {
    const notes = new Map<PathText, FolderNote>();
    for (const { path } of paths) {
      for (const note of this.#folders.notesOf(parentOf(path))) notes.set(note.path, note);
    }
    return [...notes.values()];
  }
}

/** Whether there can be anything, for this user, where a path leads. */
function canBe(route: Route): boolean {
  try {
    locate(route);
    return true;
  } catch {
    return false;
  }
}

function entryOf({ path, type, stats, target }: Seen): Entry {
  const facts = factsOf(path, stats);
  switch (type) {
    case 'file':
      return { ...facts, type, size: String(stats.size), links: Number(stats.nlink), content: null };
    case 'folder':
      return { ...facts, type };
    case 'link':
      return { ...facts, type, target: (target ?? Buffer.alloc(0)).toString('base64') };
    default:
      throw new IrreversibleError(`${path} is a ${type}: only files, folders and links can be put back.`, {
        path,
      });
  }
}

function exchanged(path: PathText): Error {
  return new RollbackError(`${path} was exchanged while it was captured. Try again.`, { path });
}

function guardsOwn(path: PathText): Error {
  const message = `${path} belongs to the guard's own journal, which is never put back: keep it out of the folders that tools change.`;
  return new IrreversibleError(message, { path });
}

function tooMuch(path: PathText, what: string, hint = ''): Error {
  return new IrreversibleError(`${path} ${what}: too much to be put back.${hint}`, { path });
}
