import type { FileFacts } from '../../../core/file-facts.ts';
import { below, joined, segmentsOf } from './segments.ts';

/** A step up, which the system takes from where a link leads and a program that tidies the text does not. */
const STEP_UP = /(?:^|\/)\.\.(?:\/|$)/;
const LEADING = /^(?:\.\.?\/)+/;

/** The path with `.`, `..` and doubled slashes worked out by the text. */
export function lexical(path: string, files: FileFacts): string {
  return joined(segmentsOf(path, files.windows));
}

/** The path from the root; `null` when it is relative and the working directory is not known. */
export function fromRoot(path: string, files: FileFacts): string | null {
  if (path.startsWith('/') || (files.windows && /^[a-z]:\//i.test(path))) return path;
  const { cwd } = files;
  return cwd === null ? null : `${cwd.endsWith('/') ? cwd : `${cwd}/`}${path}`;
}

/**
 * The places where a path leads, as real paths: nearly always one. Where `..` follows a link there are two: the system
 * steps up from the target of the link, a program that tidies paths before it opens them from the link. Without a
 * working directory a relative path stays relative.
 *
 * Where the file system cannot tell, the text decides. That is safe: a path that it cannot follow for us (a loop of
 * links, a folder that may not be entered, a NUL) it cannot open for a tool in this process either.
 */
export function placesOf(path: string, files: FileFacts): readonly string[] {
  const whole = fromRoot(path, files);
  if (whole === null) return [lexical(path, files)];
  const byText = realOf(lexical(whole, files), files);
  if (files.windows || !stepsUpInside(path, files)) return [byText];
  const real = files.realPath(whole);
  const bySystem = real === null ? byText : unfolded(lexical(real, files), files);
  return bySystem === byText ? [byText] : [bySystem, byText];
}

/** Whether `..` may follow a link. Those at the start do not where the working directory is reached by none. */
function stepsUpInside(path: string, files: FileFacts): boolean {
  if (!STEP_UP.test(path)) return false;
  const { cwd } = files;
  const isSure = LEADING.test(path) && cwd !== null && files.realPath(cwd) === cwd;
  return !isSure || STEP_UP.test(path.replace(LEADING, ''));
}

/** The real path of a normalised absolute path. */
export function realOf(path: string, files: FileFacts): string {
  return unfolded(files.realPath(path) ?? path, files);
}

/** All names of a real path from the root: its usual names first, the real one last. */
export function absoluteNames(real: string, files: FileFacts): string[] {
  const names: string[] = [];
  for (const [name, folder] of files.aliases) {
    const rest = below(real, folder, files.foldsCase);
    if (rest !== null && !names.includes(name + rest)) names.push(name + rest);
  }
  names.push(real);
  return names;
}

/** The name of a place relative to the working directory; `null` when it lies outside, or nobody knows. */
export function relativeName(names: readonly string[], files: FileFacts): string | null {
  const { cwd } = files;
  if (cwd === null) return null;
  for (const name of names) {
    const rest = below(name, cwd, files.foldsCase);
    if (rest !== null) return rest.slice(1) || '.';
  }
  const root = files.realPath(cwd);
  const rest = root === null ? null : below(names.at(-1) ?? '', root, files.foldsCase);
  return rest === null ? null : rest.slice(1) || '.';
}

/** A usual name that the file system did not resolve, written as the real one. */
function unfolded(path: string, files: FileFacts): string {
  for (const [name, folder] of files.aliases) {
    const rest = below(path, name, files.foldsCase);
    if (rest !== null) return folder + rest;
  }
  return path;
}
