import { RollbackFailedError } from '../../core/errors.ts';
import type { ItemStates } from '../../core/snapshot.ts';
import { isSameFile } from './content.ts';
import type { Entry, FileData } from './entry.ts';
import type { Folders } from './folders.ts';
import type { Seen } from './look.ts';
import type { PathText } from './path-text.ts';
import { type LookedAt, seenText } from './state.ts';

/** Throws a RollbackFailedError for what was changed since it was decided to put things back. */
export function checkUnchanged(decided: ItemStates, now: ItemStates): void {
  for (const path of new Set([...Object.keys(decided), ...Object.keys(now)])) {
    if (decided[path] !== now[path]) throw changedMeanwhile(path);
  }
}

/**
 * What may be overwritten or removed: what is as it was when the restore began. A restore takes its time; what somebody
 * changes meanwhile is theirs.
 */
export class Expected {
  readonly #data: FileData;
  readonly #folders: Folders;
  readonly #entries: ReadonlyMap<PathText, Entry>;
  readonly #looked: LookedAt;

  constructor(data: FileData, folders: Folders, entries: ReadonlyMap<PathText, Entry>, looked: LookedAt) {
    this.#data = data;
    this.#folders = folders;
    this.#entries = entries;
    this.#looked = looked;
  }

  /** Throws a RollbackFailedError for what is not as it was looked at. */
  check(path: PathText, seen: Seen | undefined): void {
    const looked = this.#looked.get(path);
    if (seen !== undefined && looked !== undefined) {
      if (seen.type !== 'folder' && isSameFile(seen.stats, looked.stats)) return;
      // Another name of the file may have been removed, which shows in its times only.
      if (seenText(this.#folders, seen, this.#entries.get(path), this.#data.at) === looked.text) return;
    } else if (seen === undefined && looked === undefined) return;
    throw changedMeanwhile(path);
  }
}

/** What is thrown for something that changed between a look at it and the step that would have replaced it. */
export function changedMeanwhile(path: PathText): Error {
  const message = `${path} was changed while it was put back, so it is left alone. Look at it, then roll back again.`;
  return new RollbackFailedError(message, { path, problem: 'changed' });
}
