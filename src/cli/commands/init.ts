import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { EXIT } from '../exit-codes.ts';
import { print, printJson } from '../output.ts';
import { STARTER_POLICY } from '../starter-policy.ts';
import { UsageError } from '../usage-error.ts';

/**
 * Writes a policy to start from, in a folder that is made where it is missing. Throws UsageError for a file that
 * cannot be written, and for one that is there already unless `force` is given.
 */
export function init(
  file: string,
  { force, json }: { readonly force?: boolean | undefined; readonly json?: boolean | undefined },
): number {
  const target = resolve(file);
  const schema = join(process.cwd(), 'node_modules', 'plyra-guard', 'schema', 'plyra-guard.schema.json');
  const path = relative(dirname(target), schema).split(sep).join('/');
  const text = `# yaml-language-server: $schema=${path.startsWith('.') ? path : `./${path}`}\n${STARTER_POLICY}`;
  try {
    makeFolder(dirname(target));
    writeFileSync(target, text, { flag: force === true ? 'w' : 'wx' });
  } catch (error) {
    throw new UsageError(whyNot(file, error));
  }
  if (json === true) printJson({ file });
  else print(`Wrote ${file}. Try: npx plyra-guard check ${file}`);
  return EXIT.ok;
}

/** One folder after the other: `recursive` does not end where a file system makes no folders, as in /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

function whyNot(file: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'EEXIST') {
    return `${file} is there already. Choose another name, or overwrite it with --force.`;
  }
  const why = Object.hasOwn(REASONS, code)
    ? REASONS[code]
    : error instanceof Error
      ? error.message
      : String(error);
  return `${file} cannot be written: ${why}. Choose another path.`;
}

const REASONS: Readonly<Record<string, string>> = Object.freeze({
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is a file',
  ENOENT: 'no folder can be made there',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'nothing can be written there',
});
