import { readFileSync } from 'node:fs';
import { ConfigFileNotFoundError, ConfigSchemaError } from '../core/errors.ts';
import { MAX_BYTES } from './caps.ts';
import { SourceText } from './source-text.ts';

/**
 * Reads a configuration file as UTF-8 (a byte order mark is dropped).
 * @throws ConfigFileNotFoundError for a file that does not exist or cannot be read, and for a directory.
 * @throws ConfigSchemaError for bytes that are not UTF-8, and for a file that is too large.
 */
export function readSource(path: string): SourceText {
  const bytes = readBytes(path);
  if (bytes.length > MAX_BYTES) {
    throw new ConfigSchemaError(`${path}: The file is larger than ${MAX_BYTES / 1024 / 1024} MB.`, {
      file: path,
    });
  }
  try {
    return new SourceText(new TextDecoder('utf-8', { fatal: true }).decode(bytes), path);
  } catch (cause) {
    throw new ConfigSchemaError(
      `${path}: The file is not UTF-8. Save it as UTF-8.`,
      { file: path },
      {},
      { cause },
    );
  }
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const why = Object.hasOwn(REASONS, code ?? '') ? REASONS[code ?? ''] : `it cannot be read (${code})`;
    throw new ConfigFileNotFoundError(
      `${path}: ${why}.`,
      { file: path },
      { reason: code ?? 'unknown' },
      { cause },
    );
  }
}

const REASONS: Readonly<Record<string, string>> = Object.freeze({
  ENOENT: 'There is no such file. Check the path; a relative one starts at the working directory',
  ENOTDIR: 'There is no such file: a part of the path is not a folder',
  EISDIR: 'This is a folder. Name the file in it',
  EACCES: 'The file may not be read by this user',
  EPERM: 'The file may not be read by this user',
});
