import { type BigIntStats, lstatSync, readlinkSync } from 'node:fs';
import { permissions } from './entry.ts';
import type { Folders } from './folders.ts';
import { nameOf, type PathText, parentOf } from './path-text.ts';

/** What a thing on the disk is. */
export type SeenType = 'file' | 'folder' | 'link' | 'pipe' | 'socket' | 'device';

/** A thing on the disk as it is now. */
export interface Seen {
  readonly path: PathText;
  readonly type: SeenType;
  readonly stats: BigIntStats;
  /** The bytes that a symbolic link holds. */
  readonly target: Buffer | null;
}

/** Looks at a path without following a link anywhere in it. `undefined` where nothing is. */
export function see(folders: Folders, path: PathText): Seen | undefined {
  const folder = parentOf(path);
  if (folders.isMissing(folder)) return undefined;
  const place = folders.at(folder, nameOf(path));
  const stats = lstatSync(place, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  const type = typeOf(stats);
  const target = type === 'link' ? readlinkSync(place, { encoding: 'buffer' }) : null;
  return { path, type, stats, target };
}

function typeOf(stats: BigIntStats): SeenType {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  if (stats.isSymbolicLink()) return 'link';
  if (stats.isFIFO()) return 'pipe';
  return stats.isSocket() ? 'socket' : 'device';
}

/** `0644`. */
export function modeText(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

/** The text of a link in a state. */
export function linkText(target: Buffer): string {
  return `link to ${target}${target.equals(Buffer.from(target.toString())) ? '' : ` (${target.toString('hex')})`}`;
}

/** The text of a file in a state; without its content where that does not count. */
export function fileText(
  mode: number,
  content: { readonly size: string; readonly hash: string } | null,
): string {
  if (content === null) return `file ${modeText(mode)}`;
  // 96 bits: nobody finds two contents that begin alike.
  return `file ${modeText(mode)}, ${content.size} bytes, sha256 ${content.hash.slice(0, 24)}`;
}

/** The text of anything else in a state. */
export function otherText({ type, stats }: Pick<Seen, 'type' | 'stats'>): string {
  return `${type} ${modeText(permissions(stats))}`;
}
