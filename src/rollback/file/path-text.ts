import { isUtf8 } from 'node:buffer';
import { parse } from 'node:path';

/**
 * An absolute path without `.`, `..` and empty names, as it stands in snapshots and states; on Windows with `/` for `\`. A
 * name that is no UTF-8 text has a slash before it and its bytes spelled out (`/tmp//caf\xe9`), so that every path on the
 * disk has one text and every text one path.
 */
export type PathText = string;

/** What `node:fs` takes. */
export type PathOnDisk = string | Buffer;

const WINDOWS = process.platform === 'win32';

/** A path as somebody wrote it: where it starts, and the names from there, `.` and `..` included. */
export interface Route {
  readonly root: PathText;
  readonly names: readonly string[];
}

/** Reads an absolute path. */
export function routeOf(path: string): Route {
  if (!WINDOWS) return { root: '/', names: split(path.toWellFormed()) };
  const { root } = parse(path);
  return { root: root.replaceAll('\\', '/'), names: split(path.slice(root.length).replaceAll('\\', '/')) };
}

/** The path of a route without `.` and `..` in it. */
export function textOf({ root, names }: Route): PathText {
  return root + names.join('/');
}

function split(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}

/** Where a link leads that lies in `folder`; its target as `readlink` gave it. */
export function routeOfLink(folder: PathText, target: Buffer): Route {
  const text = target.toString();
  if (WINDOWS && parse(text).root !== '') return routeOf(text);
  const names = isUtf8(target) ? split(text) : splitBytes(target);
  if (target[0] === 0x2f) return { root: rootOf(folder), names };
  return { root: rootOf(folder), names: [...namesOf(folder), ...names] };
}

function splitBytes(path: Buffer): string[] {
  // One character a byte: a slash is a slash in either reading.
  const names = split(path.toString('latin1'));
  return names.map((name) => nameText(Buffer.from(name, 'latin1')));
}

/** The text of a name as a folder lists it. */
export function nameText(name: Buffer): string {
  if (isUtf8(name)) return name.toString();
  const spelled = [...name].map((byte) => {
    if (byte === 0x5c) return '\\\\';
    return byte < 0x20 || byte > 0x7e
      ? `\\x${byte.toString(16).padStart(2, '0')}`
      : String.fromCharCode(byte);
  });
  return `/${spelled.join('')}`;
}

/** The file system's own path: a folder that it can open, and a name in it. */
export function onDisk(folder: string, name: string): PathOnDisk {
  const start = folder.endsWith('/') ? folder : `${folder}/`;
  return name.startsWith('/') ? Buffer.concat([Buffer.from(start), bytesOf(name)]) : start + name;
}

/** The file system's own spelling of a whole path. */
export function wholeOnDisk(path: PathText): PathOnDisk {
  const root = rootOf(path);
  const names = namesOf(path);
  if (!names.some((name) => name.startsWith('/'))) return path;
  const parts = names.flatMap((name) => [Buffer.from('/'), bytesOf(name)]);
  return Buffer.concat([Buffer.from(root), ...parts.slice(1)]);
}

function bytesOf(name: string): Buffer {
  if (!name.startsWith('/')) return Buffer.from(name);
  const spelled = name.slice(1).replaceAll(/\\(?:x([0-9a-f]{2})|\\)/g, (_, hex: string | undefined) => {
    return hex === undefined ? '\\' : String.fromCharCode(Number.parseInt(hex, 16));
  });
  return Buffer.from(spelled, 'latin1');
}

/** Where a path starts: `/`, `C:/`. */
export function rootOf(path: PathText): PathText {
  return WINDOWS ? parse(path).root.replaceAll('\\', '/') : '/';
}

/** The names of a path, from its root on. */
export function namesOf(path: PathText): string[] {
  return [...path.slice(rootOf(path).length).matchAll(/(?:^|\/)(\/?[^/]+)/g)].map(([, name = '']) => name);
}

/** A path and a name in it. */
export function joined(folder: PathText, name: string): PathText {
  return folder === rootOf(folder) ? folder + name : `${folder}/${name}`;
}

/** The folder that a path lies in; that of a root is the root. */
export function parentOf(path: PathText): PathText {
  const root = rootOf(path);
  if (path === root) return root;
  const end = path.length - nameOf(path).length - 1;
  return end < root.length ? root : path.slice(0, end);
}

/** The last name of a path. */
export function nameOf(path: PathText): string {
  const root = rootOf(path);
  const start = path.lastIndexOf('/') + 1;
  const isSpelled = start > root.length && path[start - 2] === '/';
  const isSpelledAtRoot = start === root.length + 1 && path[start - 1] === '/';
  return path.slice(isSpelled || isSpelledAtRoot ? start - 1 : Math.max(start, root.length));
}

/** True for what lies in a folder, however deep. */
export function isBelow(path: PathText, folder: PathText): boolean {
  return path.length > folder.length && path.startsWith(folder === rootOf(folder) ? folder : `${folder}/`);
}
