import type { BlobRef } from '../../core/snapshot.ts';
import { nodeCrypto } from '../../node-crypto.ts';
import type { BlobKeeper, BlobReader } from '../../rollback/handler.ts';

/** Contents that are kept in memory, named as a store names them. */
export class Contents implements BlobKeeper, BlobReader {
  readonly #contents = new Map<string, Uint8Array>();

  keep(content: Uint8Array | Iterable<Uint8Array>): BlobRef {
    const pieces =
      content instanceof Uint8Array ? [content] : Array.from(content, (piece) => new Uint8Array(piece));
    const bytes = Buffer.concat(pieces);
    const hash = nodeCrypto().createHash('sha256').update(bytes).digest('hex');
    this.#contents.set(hash, bytes);
    return { hash, bytes: bytes.length };
  }

  read(hash: string): Iterable<Uint8Array> {
    const content = this.#contents.get(hash);
    if (content === undefined) throw new Error(`There is no content ${hash}.`);
    return [Uint8Array.from(content)];
  }
}
