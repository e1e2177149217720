import type { BlobRef } from '../../core/snapshot.ts';
import { nodeCrypto } from '../../node-crypto.ts';
import type { BlobWriter } from '../snapshot-store.ts';
import type { UnfinishedFile } from './blob-files.ts';

/** Contents up to this size, in bytes, are kept in the store itself, larger ones as files beside it. */
export const SMALL = 1 << 20;

/** Where a content goes once it is whole. Both are kept once, whoever brings them. */
export interface BlobPlaces {
  /** Begins a file, for a content that turns out to be large. */
  begin(): UnfinishedFile;
  small(ref: BlobRef, content: Uint8Array): void;
  /** Puts the file in its place, too. */
  large(ref: BlobRef, file: UnfinishedFile): void;
}

/** Takes a content piece by piece: in memory as long as it is small, then in a file. */
export class ContentWriter implements BlobWriter {
  readonly #places: BlobPlaces;
  readonly #hash = nodeCrypto().createHash('sha256');
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #file: UnfinishedFile | undefined;
  #isOver = false;

  constructor(places: BlobPlaces) {
    this.#places = places;
  }

  write(piece: Uint8Array): void {
    if (this.#isOver) throw new Error('The content is at its end already.');
    this.#hash.update(piece);
    this.#bytes += piece.length;
    if (this.#file === undefined && this.#bytes > SMALL) {
      this.#file = this.#places.begin();
      for (const held of this.#pieces) this.#file.write(held);
      this.#pieces = [];
    }
    // A piece may be written over by whoever brought it. The `slice` of a Buffer would be no copy.
    if (this.#file === undefined) this.#pieces.push(new Uint8Array(piece));
    else this.#file.write(piece);
  }

  end(): BlobRef {
    if (this.#isOver) throw new Error('The content is at its end already.');
    this.#isOver = true;
    const ref = Object.freeze({ hash: this.#hash.digest('hex'), bytes: this.#bytes });
    const file = this.#file;
    if (file === undefined) {
      this.#places.small(ref, Buffer.concat(this.#pieces));
      return ref;
    }
    try {
      file.close();
      this.#places.large(ref, file);
    } catch (error) {
      file.abandon();
      throw error;
    }
    return ref;
  }

  abandon(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#pieces = [];
    this.#file?.abandon();
  }
}

/** The pieces of a content. Throws behind the last one where they are not what the hash is of. */
export function* verified(hash: string, pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  const found = nodeCrypto().createHash('sha256');
  for (const piece of pieces) {
    found.update(piece);
    yield piece;
  }
  if (found.digest('hex') !== hash) throw new Error(`The content ${hash} was damaged since it was kept.`);
}
