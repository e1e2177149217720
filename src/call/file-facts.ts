import { lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import type { FileFacts } from '../core/file-facts.ts';

/** Folders that are links on one system or another and that rules name all the same. */
const USUAL_NAMES = Object.freeze([
  '/tmp',
  '/var',
  '/etc',
  '/home',
  '/bin',
  '/sbin',
  '/lib',
  '/lib64',
  '/var/run',
  '/var/tmp',
]);
/** As many links as Linux follows for one path, and more than others do. */
const MAX_LINKS = 40;
/** No system opens a longer path by this text. */
const MAX_LENGTH = 4096;
/** A name that is empty, `.` or `..`. */
const UNTIDY = /\/\.{0,2}(?:\/|$)/;
const QUIET = Object.freeze({ throwIfNoEntry: false });

/**
 * The file system that this process sees. The working directory is read afresh at every use; home, and which usual
 * names are links, once here. `realPath` looks at the files at every call, for links may change, and throws nothing.
 */
export function systemFiles(): FileFacts {
  const windows = process.platform === 'win32';
  const slashed = (path: string): string => (windows ? path.replaceAll('\\', '/') : path);
  const home = orNull(() => slashed(homedir())) || null;
  const cwd = (): string | null => orNull(() => slashed(process.cwd()));
  const names = [...(windows ? [] : USUAL_NAMES), slashed(tmpdir()), home, cwd()];
  let lastCwd: string | null = null;
  let lastRealCwd: string | null = null;
  return {
    get cwd() {
      return cwd();
    },
    home,
    foldsCase: windows || process.platform === 'darwin',
    windows,
    aliases: aliasesOf(names),
    realPath: (path) => {
      const folder = cwd();
      // Nearly every path is below it, and it is the same until the process changes its folder.
      if (folder !== lastCwd) {
        lastRealCwd = folder === null ? null : realPath(folder);
        lastCwd = folder;
      }
      if (path === folder) return lastRealCwd;
      const isBelow = folder !== null && folder === lastRealCwd && path.startsWith(`${folder}/`);
      return (isBelow ? belowFolder(path, folder) : undefined) ?? realPath(path);
    },
  };
}

function aliasesOf(names: readonly (string | null)[]): FileFacts['aliases'] {
  const aliases = new Map<string, string>();
  for (const name of names) {
    const usual = name?.replace(/(?<=[^/])\/$/, '');
    const real = usual === undefined ? null : realPath(usual);
    if (usual !== undefined && real !== null && real !== usual) aliases.set(usual, real);
  }
  return [...aliases];
}

/**
 * Where the system ends up when it opens or makes this absolute path: links followed one after the other, also one
 * that leads to nothing yet, `..` taken from where a link leads; what does not exist appended as it is.
 */
function realPath(path: string): string | null {
  if (path.length > MAX_LENGTH || path.includes('\0')) return null;
  try {
    return UNTIDY.test(path) ? followed(path) : nearest(path);
  } catch (error) {
    // A file where a folder should be hides nothing; no permission, a loop and a name that is too long do.
    const isInFile = (error as { readonly code?: unknown } | null)?.code === 'ENOTDIR';
    return isInFile ? orNull(() => followed(path)) : null;
  }
}

/** So many names below the working directory are looked at one by one, which is quicker than to resolve the whole path. */
const FEW_NAMES = 4;

/** A tidy path below a folder that is no link, where no name in it is one; `undefined` where that cannot be told so. */
function belowFolder(path: string, folder: string): string | undefined {
  if (path.length > MAX_LENGTH || path.includes('\0') || UNTIDY.test(path)) return undefined;
  let end = folder.length;
  try {
    for (let names = 0; names < FEW_NAMES; names++) {
      end = path.indexOf('/', end + 1);
      const stats = lstatSync(end < 0 ? path : path.slice(0, end), QUIET);
      if (stats === undefined) return path;
      if (stats.isSymbolicLink()) return undefined;
      if (end < 0 || !stats.isDirectory()) return path;
    }
  } catch {
    // The sure way tells what is wrong.
  }
  return undefined;
}

/** The quick way, for a tidy path: asks the system about the nearest ancestor that exists. */
function nearest(path: string): string | null {
  const root = rootOf(path);
  let end = path.length;
  let here = path;
  // An error of the file system costs more than the whole look, so that existence is asked for first.
  while (statSync(here, QUIET) === undefined) {
    // What exists itself but not behind it is a link that leads to nothing yet.
    if (lstatSync(here, QUIET) !== undefined) return followed(path);
    if (end < root.length) return path;
    end = path.lastIndexOf('/', end - 1);
    here = end < root.length ? root : path.slice(0, end);
  }
  const real = nativePath(here);
  if (real === null) return followed(path);
  const rest = path.slice(end);
  return real.endsWith('/') ? real + rest.slice(1) : real + rest;
}

/** `null` for what has no path of its own, as a pipe below `/proc/self/fd`. */
function nativePath(path: string): string | null {
  const real = orNull(() => realpathSync.native(path));
  return process.platform === 'win32' && real !== null ? real.replaceAll('\\', '/') : real;
}

/** The sure way: name by name. `null` for a loop of links. */
function followed(path: string): string | null {
  const root = rootOf(path);
  // What is still to be walked, the next name last.
  let pending = path.slice(root.length).split('/').reverse();
  let real: string[] = [];
  let links = 0;
  // How deep the first name lies that is no folder: there is nothing to look at below it.
  let end = Number.POSITIVE_INFINITY;
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      real.pop();
      if (real.length < end) end = Number.POSITIVE_INFINITY;
      continue;
    }
    real.push(name);
    if (real.length > end) continue;
    const here = root + real.join('/');
    const stats = lstatSync(here, QUIET);
    if (!stats?.isSymbolicLink()) {
      if (!stats?.isDirectory()) end = real.length;
      continue;
    }
    if (++links > MAX_LINKS) return null;
    const target = readlinkSync(here);
    real.pop();
    if (target.startsWith('/')) real = [];
    pending = pending.concat(target.split('/').reverse());
  }
  return root + real.join('/');
}

function rootOf(path: string): string {
  return /^[a-z]:\//i.exec(path)?.[0] ?? '/';
}

function orNull<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}
