import { IrreversibleError } from '../core/errors.ts';
import type { BlobRef } from '../core/snapshot.ts';
import type { BlobStore } from '../stores/snapshot-store.ts';
import type { BlobKeeper } from './handler.ts';

/** Keeps the contents of one snapshot, up to a size that all of them have together. */
export class SnapshotKeeper implements BlobKeeper {
  readonly #blobs: BlobStore;
  readonly #maxBytes: number;
  readonly #hashes = new Set<string>();
  #bytes: number;

  /** `bytes`: what the snapshot has already. */
  constructor(blobs: BlobStore, maxBytes: number, bytes = 0) {
    this.#blobs = blobs;
    this.#maxBytes = maxBytes;
    this.#bytes = bytes;
  }

  /** Hashes of what was kept. */
  get hashes(): readonly string[] {
    return [...this.#hashes];
  }

  /** Bytes of what was kept, with what there was before. */
  get bytes(): number {
    return this.#bytes;
  }

  keep(content: Uint8Array | Iterable<Uint8Array>): BlobRef {
    const writer = this.#blobs.begin();
    try {
      for (const piece of content instanceof Uint8Array ? [content] : content) {
        this.#bytes += piece.length;
        if (!(this.#bytes <= this.#maxBytes)) throw tooLarge(this.#maxBytes);
        writer.write(piece);
      }
      const ref = writer.end();
      this.#hashes.add(ref.hash);
      return ref;
    } catch (error) {
      writer.abandon();
      throw error;
    }
  }
}

function tooLarge(maxBytes: number): IrreversibleError {
  return new IrreversibleError(
    `what it changes has more than ${maxBytes} bytes, the most that is kept (\`rollback.max_bytes\`)`,
    { maxBytes },
  );
}
