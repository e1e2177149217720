import type { FileFacts } from '../../../core/file-facts.ts';

const OWN = /^(?:~|\$HOME|\$\{HOME\}|\$env:(?:HOME|USERPROFILE)|%(?:USERPROFILE|HOME|HOMEPATH)%)(?=\/|$)/i;
const OF_USER = /^~([a-z_][\w.-]*)(?=\/|$)/i;

/** A path that begins with a home. */
export interface HomePath {
  /** The folder, absolute; `~` or `~user` when it is not known. */
  readonly home: string;
  /** Empty, or what follows, with its `/`. */
  readonly rest: string;
}

/** Reads `~`, `~user`, `$HOME` and the like at the start of a path; `undefined` when there is none. */
export function homePathOf(path: string, files: FileFacts): HomePath | undefined {
  if (!mayBeHome(path)) return undefined;
  const own = OWN.exec(path)?.[0];
  if (own !== undefined) return { home: files.home ?? '~', rest: path.slice(own.length) };
  const user = OF_USER.exec(path)?.[1];
  return user === undefined ? undefined : { home: homeOf(user, files), rest: path.slice(user.length + 1) };
}

/**
 * Where the home of any user would usually be, as a guess: `~daemon` may be anywhere, so that this may forbid and
 * never permit.
 */
export function guessedHome(home: string, files: FileFacts): string | undefined {
  if (!home.startsWith('~') || home === '~') return undefined;
  const parent = (files.home ?? '').replace(/\/[^/]*$/, '');
  return `${parent || '/home'}/${home.slice(1)}`;
}

function homeOf(user: string, files: FileFacts): string {
  if (user === 'root') return '/root';
  return files.home?.endsWith(`/${user}`) ? files.home : `~${user}`;
}

function mayBeHome(path: string): boolean {
  const first = path.charCodeAt(0);
  return first === 126 || first === 36 || first === 37;
}
