import { ActionGuardError, RollbackError, RollbackFailedError } from '../../core/errors.ts';
import type { PathText } from './path-text.ts';

const MEANINGS: Readonly<Record<string, string>> = Object.freeze({
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  ENOENT: 'it is not there any more',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  ENAMETOOLONG: 'the name is too long',
  ENOTEMPTY: 'something was put into the folder meanwhile',
  EEXIST: 'something was put there meanwhile',
  ELOOP: 'it has become a symbolic link',
  EMFILE: 'too many files are open',
  EIO: 'the disk reports an error',
});

/** The code of an error of the system, or ''. */
export function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

function meaningOf(error: unknown): string {
  const code = codeOf(error);
  const meaning = MEANINGS[code];
  // The paths in the system's own messages are those of open folders, which tell nobody anything.
  if (meaning !== undefined) return `${meaning} (${code})`;
  return code === '' ? String(error instanceof Error ? error.message : error) : code;
}

/** What went wrong while something was captured; what was said in full already stays. */
export function captureProblem(path: PathText, error: unknown): Error {
  if (error instanceof ActionGuardError) return error;
  const message = `Cannot capture ${path}: ${meaningOf(error)}.`;
  return new RollbackError(message, { path, problem: codeOf(error) }, { cause: error });
}

/** What went wrong while something was looked at after the act; what was said in full already stays. */
export function stateProblem(path: PathText, error: unknown): Error {
  if (error instanceof ActionGuardError) return error;
  const message = `Cannot tell what is at ${path}: ${meaningOf(error)}.`;
  return new RollbackError(message, { path, problem: codeOf(error) }, { cause: error });
}

/** What went wrong while something was put back; what was said in full already stays. */
export function restoreProblem(path: PathText, error: unknown): Error {
  if (error instanceof ActionGuardError) return error;
  const message = `Cannot put back ${path}: ${meaningOf(error)}.`;
  return new RollbackFailedError(message, { path, problem: codeOf(error) }, { cause: error });
}
