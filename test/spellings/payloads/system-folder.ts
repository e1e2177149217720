import { realpathSync } from 'node:fs';
import { posix, win32 } from 'node:path';

/** Folders of the operating system, as they are once links are followed. */
const POSIX_FOLDERS = ['/etc', '/boot', '/proc', '/sys'];
const WINDOWS_FOLDERS = ['c:\\windows', 'c:\\winnt'];

/**
 * Whether a path, read from `base` on a POSIX system by a server that decodes it not at all, once or twice, leads into
 * a folder of the system: by `path.posix`, with the links of this machine followed or not.
 */
export function reachesPosixFolder(path: string, base: string): boolean {
  return readings(path).some((reading) => {
    const there = posix.resolve(base, reading);
    return [there, realPath(there)].some((real) => isBelow(real, POSIX_FOLDERS, '/'));
  });
}

/** The same on Windows, by `path.win32`, where `base` lies on drive C. */
export function reachesWindowsFolder(path: string, base: string): boolean {
  return readings(path).some((reading) => {
    const there = win32.resolve(`C:${base.replaceAll('/', '\\')}`, reading);
    return isBelow(there.toLowerCase(), WINDOWS_FOLDERS, '\\');
  });
}

/** The path undecoded, decoded once and decoded twice, each also without what a NUL cuts off. */
function readings(path: string): readonly string[] {
  const once = decode(path);
  const all = new Set([path, once, decode(once)]);
  for (const reading of [...all]) all.add(reading.split('\0')[0] ?? '');
  return [...all];
}

/**
 * Percent-encoding as old servers read it: overlong UTF-8 (`%c0%ae` is a dot), `%uXXXX`, full-width letters as plain
 * ones, and what is no encoding left as it stands.
 */
function decode(text: string): string {
  return text
    .replace(/%c([01])%([89ab][0-9a-f])/gi, (_, lead: string, trail: string) =>
      String.fromCharCode((Number.parseInt(lead, 16) << 6) | (Number.parseInt(trail, 16) & 0x3f)),
    )
    .replace(/%u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/%([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/[\uff01-\uff5e]/g, (letter) => letter.normalize('NFKC'));
}

/** The path with the links of its nearest existing ancestor followed. */
function realPath(path: string): string {
  if (path.includes('\0')) return path;
  for (let folder = path; ; folder = posix.dirname(folder)) {
    try {
      return posix.join(realpathSync(folder), path.slice(folder.length));
    } catch {
      if (folder === '/') return path;
    }
  }
}

function isBelow(path: string, folders: readonly string[], separator: string): boolean {
  return folders.some((folder) => path === folder || path.startsWith(folder + separator));
}
