import {
  type BigIntStats,
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fstatSync,
  lchownSync,
  lstatSync,
  lutimesSync,
  openSync,
  utimesSync,
} from 'node:fs';
import { RollbackFailedError } from '../../core/errors.ts';
import { type Entry, permissions } from './entry.ts';
import type { Folders } from './folders.ts';
import { nameOf, type PathOnDisk, type PathText, parentOf } from './path-text.ts';
import { codeOf } from './problem.ts';
import { isSameTime, secondsOf } from './times.ts';

/** Opens a file without needing to read it; its mode can then be changed through `/proc/self/fd`. */
const O_PATH = 0o10000000;
const { O_NOFOLLOW = 0 } = constants;
/** What a change of owner answers to those who may not, or where there are no owners. */
export const NOT_ALLOWED: readonly string[] = Object.freeze(['EPERM', 'EINVAL']);
/** A program that runs as its owner or group. */
const SET_ID = 0o6000;

/** What is put back of a thing beside its content. Without times where the action changes none. */
export type Facts = Pick<Entry, 'path' | 'mode' | 'uid' | 'gid' | 'atime' | 'mtime'>;

/**
 * Gives a file or folder that is there the owner, mode and times that it had, as far as they differ. Never follows a
 * link, and touches nothing that was put in its place.
 */
export function putBackFacts(
  folders: Folders,
  path: PathText,
  facts: Facts,
  seen: BigIntStats,
  times: 'times' | 'no times',
): void {
  const isOwnerSame = Number(seen.uid) === facts.uid && Number(seen.gid) === facts.gid;
  const isModeSame = permissions(seen) === facts.mode;
  const areTimesSame = times === 'no times' || isSameTime(facts.mtime, seen.mtimeNs);
  if (isOwnerSame && isModeSame && areTimesSame) return;
  withHandle(folders, path, seen, (place) => {
    const isOwned = isOwnerSame || allowing(NOT_ALLOWED, () => chownSync(place, facts.uid, facts.gid));
    // A change of owner takes set-id bits away.
    if (!isModeSame || !isOwnerSame) chmodSync(place, modeUnder(facts, isOwned));
    if (!areTimesSame) utimesSync(place, secondsOf(facts.atime), secondsOf(facts.mtime));
  });
}

/** The same for a symbolic link, which has no mode of its own. */
export function putBackLinkFacts(place: PathOnDisk, facts: Facts, seen: BigIntStats): void {
  if (Number(seen.uid) !== facts.uid || Number(seen.gid) !== facts.gid) {
    allowing(NOT_ALLOWED, () => lchownSync(place, facts.uid, facts.gid));
  }
  if (isSameTime(facts.mtime, seen.mtimeNs)) return;
  allowing(['ENOSYS', 'EOPNOTSUPP'], () =>
    lutimesSync(place, secondsOf(facts.atime), secondsOf(facts.mtime)),
  );
}

/** The mode that is put back. What runs as somebody else is never made to run as whoever happens to restore it. */
export function modeUnder(facts: Facts, isOwned: boolean): number {
  if (isOwned || (facts.mode & SET_ID) === 0) return facts.mode;
  const message =
    `Cannot put back ${facts.path}: it ran as its owner (user ${facts.uid}, group ${facts.gid}), which only root or that ` +
    'user can give it back. Roll back as root.';
  throw new RollbackFailedError(message, { path: facts.path, problem: 'owner' });
}

/** Runs what some systems or users cannot do; false where it could not be done. */
export function allowing(codes: readonly string[], work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (codes.includes(codeOf(error))) return false;
    throw error;
  }
}

/** Gives `work` a path that means exactly the thing that was seen, and no link. */
function withHandle(
  folders: Folders,
  path: PathText,
  seen: BigIntStats,
  work: (place: PathOnDisk) => void,
): void {
  const place = folders.at(parentOf(path), nameOf(path));
  if (!folders.areHeld) {
    const stats = lstatSync(place, { bigint: true });
    if (stats.ino !== seen.ino || stats.isSymbolicLink()) throw exchanged(path);
    work(place);
    return;
  }
  const fd = openSync(place, O_PATH | O_NOFOLLOW);
  try {
    const stats = fstatSync(fd, { bigint: true });
    if (stats.ino !== seen.ino || stats.isSymbolicLink()) throw exchanged(path);
    work(`/proc/self/fd/${fd}`);
  } finally {
    closeSync(fd);
  }
}

function exchanged(path: PathText): Error {
  const message = `${path} was exchanged while it was put back. Look at it, then roll back again.`;
  return new RollbackFailedError(message, { path, problem: 'exchanged' });
}
