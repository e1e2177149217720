import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { IrreversibleError, RollbackError } from '../../core/errors.ts';
import type { BlobRef } from '../../core/snapshot.ts';
import { nodeCrypto } from '../../node-crypto.ts';
import type { BlobKeeper } from '../handler.ts';
import type { Folders } from './folders.ts';
import { joined, type PathText } from './path-text.ts';

const { O_NOFOLLOW = 0, O_NONBLOCK = 0, O_RDONLY } = constants;
/** The most that a piece may be. */
const PIECE = 1 << 20;
/** A file that changes while it is read is read again so many times. */
const TRIES = 3;

/** A file that was read to its end while nobody wrote to it. */
export interface ReadFile {
  readonly stats: BigIntStats;
  readonly ref: BlobRef;
}

/** Keeps what is in a file. Throws for one that is being written to. */
export function keepContent(folders: Folders, folder: PathText, name: string, blobs: BlobKeeper): ReadFile {
  return readWhole(folders, folder, name, (pieces) => blobs.keep(pieces));
}

/** Hex SHA-256 and length of what is in a file. */
export function hashContent(folders: Folders, folder: PathText, name: string): ReadFile {
  return readWhole(folders, folder, name, (pieces) => {
    const hash = nodeCrypto().createHash('sha256');
    let bytes = 0;
    for (const piece of pieces) {
      hash.update(piece);
      bytes += piece.length;
    }
    return { hash: hash.digest('hex'), bytes };
  });
}

function readWhole(
  folders: Folders,
  folder: PathText,
  name: string,
  take: (pieces: Iterable<Uint8Array>) => BlobRef,
): ReadFile {
  const path = joined(folder, name);
  // A pipe that was put in the file's place must not be waited for.
  const fd = openSync(folders.at(folder, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    for (let tries = 0; tries < TRIES; tries++) {
      const before = fstatSync(fd, { bigint: true });
      if (!before.isFile()) throw new RollbackError(`${path} was exchanged while it was read.`, { path });
      const ref = take(piecesOf(fd, Number(before.size)));
      const after = fstatSync(fd, { bigint: true });
      if (!isSameFile(before, after)) continue;
      if (BigInt(ref.bytes) !== before.size) throw noOrdinaryFile(path);
      return { stats: after, ref };
    }
  } finally {
    closeSync(fd);
  }
  const message = `${path} was written to each of the ${TRIES} times that it was read. Try again when nobody writes to it.`;
  throw new RollbackError(message, { path });
}

/** Each piece holds until the next one is asked for: a hundred megabytes pass through the memory of one. */
export function* piecesOf(fd: number, size: number): Generator<Uint8Array> {
  const length = Math.min(PIECE, size + 1);
  // No Buffer: a `slice` of one would not be a copy.
  const buffer = new Uint8Array(length);
  for (let at = 0; ; ) {
    const read = readSync(fd, buffer, 0, length, at);
    if (read === 0) return;
    at += read;
    yield read === length ? buffer : buffer.subarray(0, read);
  }
}

/** Whether nothing was done to a thing between two looks at it. */
export function isSameFile(one: BigIntStats, other: BigIntStats): boolean {
  return (
    one.ino === other.ino &&
    one.dev === other.dev &&
    one.size === other.size &&
    one.mtimeNs === other.mtimeNs &&
    one.ctimeNs === other.ctimeNs
  );
}

function noOrdinaryFile(path: PathText): Error {
  const message = `${path} is no ordinary file: it holds more or less than its size says. It cannot be put back.`;
  return new IrreversibleError(message, { path });
}
