import type { BigIntStats } from 'node:fs';
import type { ItemStates } from '../../core/snapshot.ts';
import { hashContent } from './content.ts';
import { type CapturedPath, type Entry, type FileData, isUntouched, permissions } from './entry.ts';
import type { Folders } from './folders.ts';
import { fileText, linkText, modeText, otherText, type Seen, see } from './look.ts';
import { isBelow, joined, nameOf, type PathText, parentOf } from './path-text.ts';
import { codeOf, stateProblem } from './problem.ts';
import { isTemporary, temporaryName } from './temporary.ts';

/** What was there before the act: nothing is looked at. */
export function statesBefore(data: FileData): ItemStates {
  return Object.fromEntries(data.entries.map((entry) => [entry.path, entryText(entry)]));
}

/** What there was of an entry. */
export function entryText(entry: Entry): string {
  if (entry.type === 'folder') return `folder ${modeText(entry.mode)}`;
  if (entry.type === 'link') return linkText(Buffer.from(entry.target, 'base64'));
  return fileText(entry.mode, entry.content === null ? null : { size: entry.size, hash: entry.content });
}

/** Things as they were when they were looked at. */
export type LookedAt = ReadonlyMap<PathText, { readonly text: string; readonly stats: BigIntStats }>;

/** What is there now, item by item. */
export class CurrentStates {
  readonly #data: FileData;
  readonly #folders: Folders;
  readonly #maxEntries: number;
  readonly #entries: ReadonlyMap<PathText, Entry>;
  readonly #found = new Map<PathText, { readonly text: string; readonly stats: BigIntStats }>();

  constructor(data: FileData, folders: Folders, maxEntries: number) {
    this.#data = data;
    this.#folders = folders;
    this.#maxEntries = maxEntries;
    this.#entries = new Map(data.entries.map((entry) => [entry.path, entry]));
  }

  /** Everything as it is, with what the system says of it. */
  look(): LookedAt {
    if (this.#found.size > 0) return this.#found;
    for (const captured of this.#data.paths) {
      try {
        this.#visit(captured);
      } catch (error) {
        throw stateProblem(captured.path, error);
      }
    }
    return this.#found;
  }

  /** Everything as a text, and an item in the midst of which a restore was broken off as that was to make it. */
  states(): ItemStates {
    const states = new Map([...this.look()].map(([path, { text }]) => [path, text]));
    for (const [index, entry] of this.#data.entries.entries()) {
      if (states.get(entry.path) === entryText(entry) || !this.#isHalfDone(entry, index)) continue;
      for (const other of this.#data.entries) {
        if (other.path === entry.path || isBelow(other.path, entry.path))
          states.set(other.path, entryText(other));
      }
    }
    return Object.fromEntries(states);
  }

  #visit({ path, scope }: CapturedPath): void {
    if (scope === 'tree') this.#walk(path);
    else if (scope === 'itself') this.#note(see(this.#folders, path));
    else {
      for (const entry of this.#data.entries) {
        if (entry.path === path || isBelow(entry.path, path)) this.#note(see(this.#folders, entry.path));
      }
    }
  }

  #walk(path: PathText): void {
    const seen = see(this.#folders, path);
    this.#note(seen);
    if (seen?.type !== 'folder') return;
    if (this.#found.size > this.#maxEntries)
      throw new Error(`more than ${this.#maxEntries} files and folders are there`);
    for (const name of namesIn(this.#folders, path)) {
      if (!isTemporary(this.#data, name)) this.#walk(joined(path, name));
    }
  }

  #note(seen: Seen | undefined): void {
    if (seen === undefined) return;
    const text = seenText(this.#folders, seen, this.#entries.get(seen.path), this.#data.at);
    if (text !== undefined) this.#found.set(seen.path, { text, stats: seen.stats });
  }

  /** An exchange that takes several steps leaves its file beside the item until it is done. */
  #isHalfDone(entry: Entry, index: number): boolean {
    const mark = joined(parentOf(entry.path), temporaryName(this.#data, 'swap', index));
    return see(this.#folders, mark) !== undefined;
  }
}

/** The text of a thing that is there; `undefined` where it has gone since. `entry` is what was there before the act. */
export function seenText(
  folders: Folders,
  seen: Seen,
  entry: Entry | undefined,
  capturedAt: number,
): string | undefined {
  if (seen.type === 'link') return linkText(seen.target ?? Buffer.alloc(0));
  if (seen.type !== 'file') return otherText(seen);
  const mode = permissions(seen.stats);
  if (entry?.type === 'file') {
    if (entry.content === null) return fileText(mode, null);
    if (isUntouched(entry, seen.stats, capturedAt)) return entryText(entry);
  }
  try {
    const { stats, ref } = hashContent(folders, parentOf(seen.path), nameOf(seen.path));
    return fileText(permissions(stats), { size: String(stats.size), hash: ref.hash });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (codeOf(error) !== 'EACCES') throw error;
    // Whatever is done to it shows in the time of its last change.
    return `file ${modeText(mode)}, ${seen.stats.size} bytes, unreadable, changed ${seen.stats.ctimeNs}`;
  }
}

function namesIn(folders: Folders, path: PathText): readonly string[] {
  try {
    return folders.names(path);
  } catch (error) {
    // One that nobody may list shows by its mode; what lies in it cannot be told, before as after.
    if (['ENOENT', 'EACCES'].includes(codeOf(error))) return [];
    throw error;
  }
}
