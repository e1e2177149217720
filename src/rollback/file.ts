import { IrreversibleError, RollbackError, RollbackFailedError } from '../core/errors.ts';
import type { ActionIntent } from '../core/intent.ts';
import type { ItemStates, Snapshot } from '../core/snapshot.ts';
import { type CaptureLimits, Survey } from './file/capture.ts';
import type { FileData, FolderNote } from './file/entry.ts';
import { permissions } from './file/entry.ts';
import { checkUnchanged } from './file/expected.ts';
import { canHoldFolders, type ExpectedFolders, Folders } from './file/folders.ts';
import { parentOf } from './file/path-text.ts';
import { Restoration } from './file/restore.ts';
import { CurrentStates, statesBefore } from './file/state.ts';
import { targetsOf } from './file/targets.ts';
import { fileActionOf, onlyReadsFiles } from './file/verb.ts';
import type { CaptureContext, RestoreContext, RollbackHandler } from './handler.ts';

/** How files are captured. */
export interface FileHandlerOptions {
  /** Default `['*']`: every action that is given paths and does more than read them. */
  readonly actionTypes?: readonly string[] | undefined;
  /** Files, folders and links that one action may change and still be undone. Default 10,000. */
  readonly maxEntries?: number | undefined;
  /** Levels of folders below a path that an action is given. Default 64. */
  readonly maxDepth?: number | undefined;
  /**
   * Whether folders are held open while something in them is changed, so that nobody can exchange them meanwhile. Default:
   * where the system can do that, which is on Linux.
   */
  readonly holdFolders?: boolean | undefined;
}

type SurveyContext = Pick<CaptureContext, 'arguments' | 'maxBytes' | 'ownPaths'>;

/** What is captured at most of an action that nothing says changes files: looking at it must not be felt. */
const UNSURE = Object.freeze({
  maxEntries: 1_000,
  maxBytes: 16 << 20,
  hint: ' Nothing says that this action changes files: with an action type such as `file.edit` it is captured in earnest.',
});

/** A handler that answers at once, so that it serves tools that cannot wait as well. */
export interface FileHandler extends RollbackHandler {
  irreversible(intent: ActionIntent, context: SurveyContext): string | null | undefined;
  capture(intent: ActionIntent, context: CaptureContext): FileData | undefined;
  after(snapshot: Pick<Snapshot, 'data'>): FileData;
  state(snapshot: Pick<Snapshot, 'data'>, when: 'before' | 'after' | 'now'): ItemStates;
  restore(snapshot: Pick<Snapshot, 'data'>, context: RestoreContext): true;
}

/**
 * Undoes what actions do to files: contents, modes, times, links, folders. `capture` throws an IrreversibleError for what
 * cannot be put back (too many files, devices, pipes) and a RollbackError for what cannot be read. `restore` throws a
 * RollbackFailedError that names the path, also for what was changed since it was decided (`context.now`) and while it
 * works.
 */
export function fileHandler(options: FileHandlerOptions = {}): FileHandler {
  const { actionTypes = ['*'], maxEntries = 10_000, maxDepth = 64 } = options;
  const limits = { maxEntries, maxDepth };
  const held = options.holdFolders ?? canHoldFolders();
  const look = <T>(data: FileData, work: (folders: Folders) => T): T =>
    using(new Folders(expectedOf(data), held), work);
  // The act may have made more than it found.
  const currentStates = (data: FileData, folders: Folders) =>
    new CurrentStates(data, folders, maxEntries * 10);
  return {
    name: 'file',
    actionTypes,
    typedOnly: true,
    irreversible: (intent, context) => {
      try {
        const isOurs =
          surveyed(intent, context, limits, held, () => true) ?? onlyReadsFiles(intent, context.arguments);
        return isOurs ? null : undefined;
      } catch (error) {
        if (error instanceof IrreversibleError) return error.message;
        // What cannot be read is said when it is captured, and blocks the act then.
        return null;
      }
    },
    capture: (intent, context) =>
      surveyed(intent, context, limits, held, (survey) => survey.finish(context.blobs)) ?? undefined,
    after: ({ data }) => {
      const captured = readData(data);
      return look(captured, (folders) => ({ ...captured, folders: withWhatWasLeft(captured, folders) }));
    },
    state: ({ data }, when) => {
      const captured = readData(data);
      if (when === 'before') return statesBefore(captured);
      return look(captured, (folders) => currentStates(captured, folders).states());
    },
    restore: ({ data }, { blobs, now }) => {
      const captured = readData(data);
      look(captured, (folders) => {
        const current = currentStates(captured, folders);
        if (now !== undefined) checkUnchanged(now, current.states());
        new Restoration(captured, current.look(), blobs, folders).run();
      });
      return true;
    },
  };
}

/** Looks at all that an action may change; `undefined` for one that changes no files. */
function surveyed<T>(
  intent: ActionIntent,
  { arguments: given, maxBytes = Number.POSITIVE_INFINITY, ownPaths }: SurveyContext,
  { maxEntries, maxDepth }: Pick<CaptureLimits, 'maxEntries' | 'maxDepth'>,
  held: boolean,
  work: (survey: Survey) => T,
): T | undefined {
  const action = fileActionOf(intent, given);
  const targets = action === null ? [] : targetsOf(action, given);
  if (action === null || targets.length === 0) return undefined;
  const limits = action.isSure
    ? { maxEntries, maxDepth, maxBytes, hint: '' }
    : {
        hint: UNSURE.hint,
        maxEntries: Math.min(maxEntries, UNSURE.maxEntries),
        maxDepth,
        maxBytes: Math.min(maxBytes, UNSURE.maxBytes),
      };
  try {
    return using(new Survey(limits, held, ownPaths), (survey) => {
      survey.add(targets);
      return work(survey);
    });
  } catch (error) {
    throw action.isSure ? error : notOnSuspicion(error);
  }
}

/** A folder with something in it that may not be read keeps no tool from running of which nothing says that it writes. */
function notOnSuspicion(error: unknown): unknown {
  if (!(error instanceof RollbackError) || error instanceof IrreversibleError) return error;
  return new IrreversibleError(`${error.message}${UNSURE.hint}`, error.details, { cause: error });
}

function using<R extends { close(): void }, T>(resource: R, work: (resource: R) => T): T {
  try {
    return work(resource);
  } finally {
    resource.close();
  }
}

function expectedOf({ folders, at }: FileData): ExpectedFolders {
  return { notes: new Map(folders.map((note) => [note.path, note])), since: at };
}

/** Notes of folders, with how the act left those in which something was captured. */
function withWhatWasLeft({ folders: notes, paths }: FileData, folders: Folders): FolderNote[] {
  const above = new Set(paths.map(({ path }) => parentOf(path)));
  return notes.map((note) => {
    if (!above.has(note.path) || folders.isMissing(note.path)) return note;
    const stats = folders.stats(note.path);
    return { ...note, left: { mode: permissions(stats), mtime: String(stats.mtimeNs) } };
  });
}

function readData(data: unknown): FileData {
  const read = data as Partial<FileData> | null;
  const lists = [read?.folders, read?.paths, read?.entries];
  if (read?.format === 1 && typeof read.mark === 'string' && lists.every(Array.isArray))
    return read as FileData;
  const message =
    'This snapshot is none of the file handler, or one of a newer version: roll back with that version.';
  throw new RollbackFailedError(message, { problem: 'format' });
}
