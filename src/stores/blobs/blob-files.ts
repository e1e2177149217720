import {
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { nodeCrypto } from '../../node-crypto.ts';

/** Bytes that are read at once. */
const PIECE = 1 << 20;
const NAME = /^[0-9a-f]{64}(?:\.[0-9a-f]{16})?$/;
const UNFINISHED = /\.part$/;

/** A file that is being written. */
export interface UnfinishedFile {
  write(piece: Uint8Array): void;
  /** Everything is written. It is in its place once {@link BlobFiles.put} was called. */
  close(): void;
  abandon(): void;
  readonly path: string;
}

/**
 * Contents as files of one folder, each named by its hash, and by whose it is where several stores may share the folder.
 * The folder is made when the first one comes.
 */
export class BlobFiles {
  readonly #folder: string;
  /** Whether a file is on the disk, not only handed to the system, before it counts as kept. */
  readonly #syncs: boolean;

  constructor(folder: string, { syncs }: { readonly syncs: boolean }) {
    this.#folder = folder;
    this.#syncs = syncs;
  }

  /** Begins a file, readable for this user only. */
  begin(): UnfinishedFile {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const path = join(this.#folder, `${nodeCrypto().randomUUID()}.part`);
    const file = openSync(path, 'wx', 0o600);
    let isOpen = true;
    const close = (): void => {
      if (!isOpen) return;
      isOpen = false;
      closeSync(file);
    };
    return {
      path,
      write: (piece) => writeWhole(file, piece),
      close: () => {
        try {
          if (this.#syncs) fsyncSync(file);
        } finally {
          close();
        }
      },
      abandon: () => {
        close();
        rmSync(path, { force: true });
      },
    };
  }

  /** Puts a finished file in its place. */
  put(file: UnfinishedFile, name: string): void {
    renameSync(file.path, this.#path(name));
    if (this.#syncs) this.#syncFolder();
  }

  /** A content in pieces. Throws for one that is not there. */
  *read(name: string): Generator<Uint8Array> {
    const file = openSync(this.#path(name), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      for (;;) {
        const piece = Buffer.allocUnsafe(PIECE);
        const count = readSync(file, piece, 0, PIECE, null);
        if (count === 0) return;
        yield piece.subarray(0, count);
      }
    } finally {
      closeSync(file);
    }
  }

  remove(name: string): void {
    rmSync(this.#path(name), { force: true });
  }

  /** Removes what was begun before a time (epoch milliseconds) and never finished, as by a process that was killed. */
  sweep(before: number): void {
    for (const name of namesIn(this.#folder)) {
      const path = join(this.#folder, name);
      const stats = UNFINISHED.test(name) ? lstatSync(path, { throwIfNoEntry: false }) : undefined;
      if (stats !== undefined && stats.mtimeMs < before) unlinkSync(path);
    }
  }

  #path(name: string): string {
    if (!NAME.test(name)) throw new Error(`${JSON.stringify(name)} names no content.`);
    return join(this.#folder, name);
  }

  #syncFolder(): void {
    const folder = openSync(this.#folder, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }
}

function writeWhole(file: number, piece: Uint8Array): void {
  for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 'ENOENT') return [];
    throw error;
  }
}
