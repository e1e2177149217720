import type { BigIntStats } from 'node:fs';
import type { PathText } from './path-text.ts';

/**
 * How much of a path an action may change: `tree` all of it and of what lies in it, `modes` the modes and owners of the
 * same, `itself` the thing alone and, where it is a folder, not what lies in it.
 */
export type Scope = 'itself' | 'modes' | 'tree';

/** What every kind of entry has. Numbers that may be large are decimal texts; times are nanoseconds since 1970. */
interface EntryFacts {
  readonly path: PathText;
  /** Permission bits with set-id and sticky bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly ino: string;
  readonly atime: string;
  readonly mtime: string;
  readonly ctime: string;
}

/** A file as it was before the act. */
export interface FileEntry extends EntryFacts {
  readonly type: 'file';
  readonly size: string;
  /** How many names it had. */
  readonly links: number;
  /** Hash of its kept content; `null` where the action changes no contents. */
  readonly content: string | null;
}

/** A folder as it was before the act. What lies in it are entries of their own. */
export interface FolderEntry extends EntryFacts {
  readonly type: 'folder';
}

/** A symbolic link as it was before the act. */
export interface LinkEntry extends EntryFacts {
  readonly type: 'link';
  /** Base64 of the bytes that it holds: they need be no text. */
  readonly target: string;
}

/** One thing on the disk as it was before the act. */
export type Entry = FileEntry | FolderEntry | LinkEntry;

/** A captured path. Where there is no entry for it, nothing was there. */
export interface CapturedPath {
  readonly path: PathText;
  readonly scope: Scope;
}

/** A folder on the way to a captured path. */
export interface FolderNote {
  readonly path: PathText;
  readonly ino: string;
  readonly mode: number;
  readonly atime: string;
  readonly mtime: string;
  /** Mode and time right after the act, where it lies directly above a captured path. */
  readonly left?: { readonly mode: number; readonly mtime: string };
}

/** The data of a snapshot: all that it takes to put files back, but their contents. A JSON value. */
export interface FileData {
  readonly format: 1;
  /** Random; names the temporary files of a restore. */
  readonly mark: string;
  /** When it was captured, in epoch milliseconds. */
  readonly at: number;
  readonly folders: readonly FolderNote[];
  readonly paths: readonly CapturedPath[];
  /** Folders before what lies in them. */
  readonly entries: readonly Entry[];
}

/** Permission bits of a mode as `lstat` gives it. */
export function permissions(stats: BigIntStats): number {
  return Number(stats.mode & 0o7777n);
}

/** What the system says of a thing, as entries hold it. */
export function factsOf(path: PathText, stats: BigIntStats): EntryFacts {
  return {
    path,
    mode: permissions(stats),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    ino: String(stats.ino),
    atime: String(stats.atimeNs),
    mtime: String(stats.mtimeNs),
    ctime: String(stats.ctimeNs),
  };
}

/** Clocks of file systems are coarser than ours, and some run on another machine. */
const MARGIN_MS = 2_000;

/**
 * Whether a file was not written to since it was captured, as far as its facts tell. One that had been changed only just
 * before could be changed again without its times showing it, and does not count.
 */
export function isUntouched(entry: FileEntry, stats: BigIntStats, capturedAt: number): boolean {
  return (
    entry.ino === String(stats.ino) &&
    entry.size === String(stats.size) &&
    entry.mtime === String(stats.mtimeNs) &&
    entry.ctime === String(stats.ctimeNs) &&
    BigInt(entry.ctime) < BigInt(capturedAt - MARGIN_MS) * 1_000_000n
  );
}
