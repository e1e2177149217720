import { RollbackFailedError } from '../../core/errors.ts';
import type { ItemStates } from '../../core/snapshot.ts';
import type { Entry, FileData } from './entry.ts';
import type { Folders } from './folders.ts';
import type { Seen } from './look.ts';
import { isBelow, type PathText } from './path-text.ts';
import { entryText, isHalfDone, seenText } from './state.ts';

/** What may be overwritten or removed: what is as the act left it, or as it was before. */
export class Expected {
  readonly #data: FileData;
  readonly #folders: Folders;
  readonly #entries: ReadonlyMap<PathText, Entry>;
  readonly #after: ItemStates | null;
  /** Entries that an attempt before this one was about to exchange. */
  readonly #halfDone: readonly PathText[];

  /** `after` is what the act left; with `null` anything may be overwritten. */
  constructor(
    data: FileData,
    folders: Folders,
    entries: ReadonlyMap<PathText, Entry>,
    after: ItemStates | null,
  ) {
    this.#data = data;
    this.#folders = folders;
    this.#entries = entries;
    this.#after = after;
    this.#halfDone = data.entries
      .filter((entry, index) => isHalfDone(data, folders, entry, index))
      .map(({ path }) => path);
  }

  /** Throws a RollbackFailedError for what somebody else has changed since. */
  check(path: PathText, seen: Seen | undefined): void {
    if (this.#after === null || this.#halfDone.some((done) => done === path || isBelow(path, done))) return;
    const entry = this.#entries.get(path);
    const now = seen === undefined ? undefined : seenText(this.#folders, seen, entry, this.#data.at);
    const left = Object.hasOwn(this.#after, path) ? this.#after[path] : undefined;
    if (now === left) return;
    const before = entry === undefined ? undefined : entryText(entry);
    if (now === before) return;
    throw conflict(path, { before: before ?? null, after: left ?? null, now: now ?? null });
  }
}

/** What is thrown for something that was changed after the act by somebody else. */
function conflict(
  path: PathText,
  states: Readonly<Record<'before' | 'after' | 'now', string | null>>,
): Error {
  const said = (text: string | null): string => text ?? 'nothing';
  const message =
    `${path} was changed after the action, so it is left alone. Before the action: ${said(states.before)}; ` +
    `after it: ${said(states.after)}; now: ${said(states.now)}. Force the rollback to overwrite it.`;
  return new RollbackFailedError(message, { path, problem: 'conflict', ...states });
}

/** What is thrown for something that changed between a look at it and the step that would have replaced it. */
export function changedMeanwhile(path: PathText): Error {
  const message = `${path} was changed while it was put back, so it is left alone. Look at it, then roll back again.`;
  return new RollbackFailedError(message, { path, problem: 'exchanged' });
}
