/** A path in parts, with `.`, doubled slashes and `..` worked out by the text alone. */
export interface Segments {
  /** `/`, on Windows `C:/` or `//` too; empty when the path is relative. */
  readonly root: string;
  /** How many `..` found no name to strike out: they lead above the start, or stay at the root. */
  readonly climbs: number;
  readonly names: readonly string[];
}

const WINDOWS_ROOT = /^(?:[a-z]:\/|\/\/(?=[^/]))/i;

/** Takes a path with `/` between names apart. `windows` says whether `C:/` and `//host` are roots. */
export function segmentsOf(path: string, windows = false): Segments {
  const root = (windows && WINDOWS_ROOT.exec(path)?.[0]) || (path.startsWith('/') ? '/' : '');
  const names: string[] = [];
  let climbs = 0;
  for (const name of path.slice(root.length).split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') names.push(name);
    else if (names.pop() === undefined) climbs++;
  }
  return { root, climbs, names };
}

/** The path that the parts make: `..` above a root is dropped as the system drops it; nothing at all is `.`. */
export function joined({ root, climbs, names }: Segments): string {
  const above = root === '' ? '../'.repeat(climbs) : '';
  if (names.length > 0) return root + above + names.join('/');
  return root || above.slice(0, -1) || '.';
}

/**
 * What of `path` comes after `folder`: empty for the folder itself, `/x` for what lies in it, `null` when it lies
 * elsewhere. Both are normalised; `foldsCase` compares without case.
 */
export function below(path: string, folder: string, foldsCase: boolean): string | null {
  const length = folder.endsWith('/') ? folder.length - 1 : folder.length;
  if (path.length > length && path.charCodeAt(length) !== 47) return null;
  const isBelow = foldsCase
    ? path.slice(0, length).toLowerCase() === folder.slice(0, length).toLowerCase()
    : length === folder.length
      ? path.startsWith(folder)
      : path.startsWith(folder.slice(0, length));
  if (!isBelow) return null;
  const rest = path.slice(length);
  return rest === '/' ? '' : rest;
}
