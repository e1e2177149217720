import type { ShellCommand } from './command.ts';
import { excerpt } from './line-text.ts';
import { writtenFiles } from './written-files.ts';

/** They make files of nothing, and folders. */
const EMPTY_ONLY: ReadonlySet<string> = new Set(['touch', 'mkdir', 'truncate']);

/** Why a line cannot be read that runs a file which it writes before; `null` for others. */
export function whyRunUnknown(
  commands: readonly ShellCommand[],
  writes: ReadonlySet<string>,
  ran: ReadonlySet<string>,
): string | null {
  if (ran.size === 0) return null;
  const written = new Set([...writes].map(plainPath));
  for (const command of commands) {
    if (EMPTY_ONLY.has(command.name ?? '')) continue;
    for (const file of writtenFiles(command)) written.add(plainPath(file));
  }
  if (written.size === 0) return null;
  for (const path of ran) {
    if (written.has(plainPath(path)) || /[*?[]/.test(path))
      return `it runs a file that it writes itself: ${excerpt(path)}`;
  }
  return null;
}

/** A path without what names the folder that the line begins in. */
function plainPath(path: string): string {
  return path
    .replace(/^(?:\$PWD|\$\{PWD\}|~\+)\//, '')
    .replace(/\/(?:\.?\/)+/g, '/')
    .replace(/^\.\//, '');
}
