import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { BlobRef } from '../../../src/core/snapshot.ts';
import type { BlobKeeper, BlobReader } from '../../../src/rollback/handler.ts';

const PIECE = 1024 * 1024;

/** Contents as files in a folder, each called by its hash. */
export class BlobFolder implements BlobKeeper, BlobReader {
  readonly #folder: string;
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  keep(content: Uint8Array | Iterable<Uint8Array>): BlobRef {
    const temporary = join(this.#folder, `new-${process.pid}-${this.#count++}`);
    const fd = openSync(temporary, 'wx');
    const hash = createHash('sha256');
    let bytes = 0;
    for (const piece of content instanceof Uint8Array ? [content] : content) {
      if (piece.length > PIECE) throw new Error(`a piece of ${piece.length} bytes`);
      hash.update(piece);
      writeSync(fd, piece);
      bytes += piece.length;
    }
    fsyncSync(fd);
    closeSync(fd);
    const ref = { hash: hash.digest('hex'), bytes };
    renameSync(temporary, this.pathOf(ref.hash));
    return ref;
  }

  *read(hash: string): Generator<Uint8Array> {
    const fd = openSync(this.pathOf(hash), 'r');
    try {
      for (;;) {
        const piece = Buffer.alloc(PIECE);
        const read = readSync(fd, piece);
        if (read === 0) return;
        yield piece.subarray(0, read);
      }
    } finally {
      closeSync(fd);
    }
  }

  /** Where a content lies. */
  pathOf(hash: string): string {
    return join(this.#folder, hash);
  }
}
