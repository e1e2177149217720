import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { nodeCrypto } from '../../node-crypto.ts';
import { ContentWriter, verified } from '../blobs/blob-content.ts';
import { BlobFiles } from '../blobs/blob-files.ts';
import type { SqlDatabase } from '../database.ts';
import type { BlobStore, BlobWriter } from '../snapshot-store.ts';

const KEEP = `INSERT INTO blobs (hash, bytes, encoding, content, kept_at) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (hash) DO UPDATE SET kept_at = excluded.kept_at`;
const READ = 'SELECT encoding, content FROM blobs WHERE hash = ?';
const UNUSED = `SELECT hash, encoding, content FROM blobs WHERE kept_at < ?
  AND NOT EXISTS (SELECT 1 FROM snapshot_blobs WHERE snapshot_blobs.hash = blobs.hash)`;
const REMOVE = 'DELETE FROM blobs WHERE hash = ?';

/** Smaller contents gain nothing from being deflated. */
const WORTH_DEFLATING = 128;

/** Makes the file's name this store's alone: another one beside it may keep, and remove, the same content. */
function newSuffix(): Uint8Array {
  return nodeCrypto().randomBytes(8);
}

/** The name of a large content's file; `content`: what its row holds. */
function fileName(hash: string, content: unknown): string {
  return content instanceof Uint8Array ? `${hash}.${Buffer.from(content).toString('hex')}` : hash;
}

/** Where contents are kept. */
export interface SqliteBlobsOptions {
  readonly database: SqlDatabase;
  /** Large ones lie here as files. */
  readonly folder: string;
  readonly syncs: boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Contents in a table, small ones deflated; large ones as files beside the database. */
export class SqliteBlobs implements BlobStore {
  readonly #database: SqlDatabase;
  readonly #files: BlobFiles;
  readonly #now: () => number;

  constructor({ database, folder, syncs, now }: SqliteBlobsOptions) {
    this.#database = database;
    this.#files = new BlobFiles(folder, { syncs });
    this.#now = now;
  }

  begin(): BlobWriter {
    const keep = (hash: string, bytes: number, encoding: string, content: Uint8Array | null): void => {
      this.#database.prepare(KEEP).run(hash, bytes, encoding, content, Math.trunc(this.#now()));
    };
    return new ContentWriter({
      begin: () => this.#files.begin(),
      small: ({ hash, bytes }, content) => {
        const deflated = bytes < WORTH_DEFLATING ? content : deflateRawSync(content, { level: 1 });
        const isSmaller = deflated.length < content.length;
        keep(hash, bytes, isSmaller ? 'deflate' : 'raw', isSmaller ? deflated : content);
      },
      // Within the transaction: nobody removes the file between that and its row.
      large: ({ hash, bytes }, file) =>
        this.#database.transaction(() => {
          const known = this.#database.prepare(READ).get(hash);
          const own = known === undefined ? newSuffix() : known.content;
          this.#files.put(file, fileName(hash, own));
          keep(hash, bytes, 'file', own instanceof Uint8Array ? own : null);
        }),
    });
  }

  *read(hash: string): Generator<Uint8Array> {
    const row = this.#database.prepare(READ).get(hash);
    if (row === undefined) throw new Error(`There is no content ${hash} any more.`);
    const { encoding, content } = row;
    if (encoding === 'file') yield* verified(hash, this.#files.read(fileName(hash, content)));
    else if (content instanceof Uint8Array && (encoding === 'raw' || encoding === 'deflate')) {
      yield* verified(hash, [encoding === 'raw' ? content : inflateRawSync(content)]);
    } else throw new Error(`The content ${hash} was damaged since it was kept.`);
  }

  /** Removes what no snapshot refers to and what was begun, before a time. Called within a transaction. */
  removeUnused(before: number): void {
    for (const { hash, encoding, content } of this.#database.prepare(UNUSED).all(before)) {
      if (typeof hash !== 'string') continue;
      if (encoding === 'file') this.#files.remove(fileName(hash, content));
      this.#database.prepare(REMOVE).run(hash);
    }
    this.#files.sweep(before);
  }
}
