import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse, type Source } from './ast.ts';

/** The folder that holds package.json, without a final slash. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');

/** Every hand-written TypeScript file under the folders given, parsed. Declaration files are left out. */
export function sources(...folders: readonly string[]): Source[] {
  const patterns = folders.map((folder) => `${folder}/**/*.ts`);
  const found = globSync(patterns, { cwd: ROOT, exclude: ['**/*.d.ts', '**/node_modules/**'] });
  return found
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => parse(path, read(path)));
}

/** The folders that hold code. */
export const CODE_FOLDERS = Object.freeze(['src', 'test', 'bench', 'examples', 'scripts'] as const);

/** A file's text. `path` is relative to the repository. */
export function read(path: string): string {
  return readFileSync(`${ROOT}/${path}`, 'utf8');
}

/** True when a file or folder is there. */
export function exists(path: string): boolean {
  return existsSync(`${ROOT}/${path}`);
}

/**
 * What git tracks or would track (new files that are not ignored), or `undefined` when this is no git checkout,
 * e.g. an unpacked archive.
 */
export function trackedFiles(): string[] | undefined {
  try {
    const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
    const out = execFileSync('git', args, {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return out.split('\0').filter((path) => path !== '' && exists(path));
  } catch {
    return undefined;
  }
}
