import { closeSync, fsyncSync, linkSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../../core/errors.ts';
import { nodeCrypto } from '../../node-crypto.ts';

const BYTES = 32;
/** The key's name beside the database. */
export const KEY_FILE = 'store.key';

/**
 * The key that digests are made with: 32 bytes, kept as hex in the file `store.key` of the store's folder, readable for
 * this user only. Made when it is not there; processes that make it at once all get the same one. Throws ConfigError
 * for a file that holds no key, which is left as it is: with another key no earlier digest could be checked.
 */
export function storeKey(folder: string): Uint8Array {
  const path = join(folder, KEY_FILE);
  try {
    return keyOf(read(path) ?? create(path), path);
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(
      `The key ${path} cannot be read or made: ${what}. Make the folder writable and the file readable for this ` +
        'user, or keep the journal in memory with `snapshotPath: null`.',
      {},
      { path },
      { cause },
    );
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Nobody sees the file before it is whole: it is written under another name, which is then given the right one too. */
function create(path: string): string {
  const whole = `${path}.${process.pid}.${nodeCrypto().randomBytes(6).toString('hex')}`;
  write(whole);
  try {
    linkSync(whole, path);
  } catch (error) {
    // Another process was faster, or the file system knows no links: then the file is made in its place.
    if (codeOf(error) !== 'EEXIST') write(path);
  } finally {
    unlinkSync(whole);
  }
  return readFileSync(path, 'utf8');
}

/** Never writes over a file that is there. */
function write(path: string): void {
  const file = openNew(path);
  if (file === undefined) return;
  try {
    writeSync(file, `${nodeCrypto().randomBytes(BYTES).toString('hex')}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function openNew(path: string): number | undefined {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return undefined;
    throw error;
  }
}

function keyOf(text: string, path: string): Uint8Array {
  const hex = text.trim();
  if (/^[0-9a-f]{64}$/i.test(hex)) return new Uint8Array(Buffer.from(hex, 'hex'));
  throw new ConfigError(
    `The key ${path} is ${hex === '' ? 'empty' : 'no key'}: it must hold ${BYTES} bytes in hex (64 digits). Restore it ` +
      'from a backup, or remove it: a new one is made then, with which digests made before cannot be checked.',
    {},
    { path },
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
