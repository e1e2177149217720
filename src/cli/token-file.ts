import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { messageOf } from './error-json.ts';
import { UsageError } from './usage-error.ts';

/**
 * Writes a token's text to a new file that only this user may read (0600); whatever stands there, also a symbolic link
 * to nowhere, is neither followed nor replaced. Throws UsageError where that cannot be done, and leaves no file then.
 */
export function writeTokenFile(file: string, text: string): void {
  const descriptor = made(file);
  try {
    const bytes = Buffer.from(`${text}\n`);
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(file, { force: true });
    throw cannotWrite(file, error);
  } finally {
    closeSync(descriptor);
  }
}

/** `wx` is O_CREAT with O_EXCL: the system makes a file of ours, or fails. */
function made(file: string): number {
  try {
    return openSync(file, 'wx', 0o600);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST'))
      throw cannotWrite(file, error);
    throw new UsageError(`${file} is there already, and is left as it is. Choose another name.`);
  }
}

function cannotWrite(file: string, error: unknown): UsageError {
  return new UsageError(`${file} cannot be written: ${messageOf(error)}. Choose another path.`);
}
