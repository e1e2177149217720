import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Everything in a folder, a line each, apart from the times of folders: names, types, modes, contents, link targets, and
 * times of files in microseconds, which is as fine as Node can set them.
 */
export function digestOf(folder: string, times: 'times' | 'no times' = 'times'): string[] {
  return linesOf(Buffer.from(folder), '.', times);
}

function linesOf(path: Buffer, shown: string, times: 'times' | 'no times'): string[] {
  const stats = lstatSync(path, { bigint: true });
  const mode = (stats.mode & 0o7777n).toString(8);
  if (stats.isSymbolicLink()) return [`${shown} → ${readlinkSync(path)}`];
  if (stats.isDirectory()) {
    const names = readdirSync(path, { encoding: 'buffer' }).sort(Buffer.compare);
    const inside = names.flatMap((name) => {
      const text = name.toString('latin1');
      return linesOf(Buffer.concat([path, Buffer.from('/'), name]), `${shown}/${text}`, times);
    });
    return [`${shown}/ ${mode}`, ...inside];
  }
  if (!stats.isFile()) return [`${shown} special ${mode}`];
  const hash = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16);
  const time = times === 'times' ? ` ${stats.mtimeNs / 1000n}` : '';
  return [`${shown} ${mode} ${stats.size} ${hash}${time}`];
}
