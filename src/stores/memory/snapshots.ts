import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordDraft } from '../../core/chain.ts';
import type { Snapshot, SnapshotAsk } from '../../core/snapshot.ts';
import { ContentWriter, verified } from '../blobs/blob-content.ts';
import { BlobFiles } from '../blobs/blob-files.ts';
import { type Row, textsIn } from '../columns.ts';
import { rowOfSnapshot, snapshotOfRow } from '../snapshot-row.ts';
import { type Aged, agedOf, beyond, changedSnapshot, SWEEP_MS, UNUSED_MS } from '../snapshot-rules.ts';
import type {
  BlobStore,
  BlobWriter,
  SnapshotBefore,
  SnapshotChange,
  SnapshotFilter,
  SnapshotLimits,
  SnapshotStore,
} from '../snapshot-store.ts';
import { builtOf } from './built-draft.ts';

const DEFAULT_LIMIT = 100;

interface Kept {
  /** `null` where it is a file. */
  readonly content: Uint8Array | null;
  keptAt: number;
}

/** Snapshots of this process. Large contents lie in a temporary folder, which goes when the store is closed. */
export class MemorySnapshots implements SnapshotStore {
  readonly blobs: BlobStore;
  readonly #append: (drafts: readonly RecordDraft[]) => void;
  readonly #now: () => number;
  /** In the order in which they were entered. */
  readonly #snapshots = new Map<string, Row>();
  readonly #contents = new Map<string, Kept>();
  #folder: string | undefined;
  #files: BlobFiles | undefined;
  /** The snapshot of an action. */
  readonly #byAction = new Map<string, string>();
  #position = 0;
  /** Of all snapshots' contents. */
  #bytes = 0;
  #sweptAt = Number.NEGATIVE_INFINITY;
  /** Contents are real ones: none stays behind, also where nobody closes the store. */
  readonly #clean = (): void => {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  };

  /** `append` takes records; `now` is epoch milliseconds. */
  constructor(append: (drafts: readonly RecordDraft[]) => void, now: () => number) {
    this.#append = append;
    this.#now = now;
    this.blobs = { begin: () => this.#begin(), read: (hash) => this.#read(hash) };
  }

  enter(ask: SnapshotAsk): Snapshot {
    if (this.#snapshots.has(ask.id) || this.#byAction.has(ask.actionId)) {
      throw new Error(`There is a snapshot ${ask.id}, or one of its action ${ask.actionId}, already.`);
    }
    const row = {
      ...rowOfSnapshot({ ...ask, after: null, state: 'captured', restoringBy: null }),
      position: ++this.#position,
    };
    this.#snapshots.set(ask.id, row);
    this.#byAction.set(ask.actionId, ask.id);
    this.#bytes += ask.bytes;
    return snapshotOfRow(row);
  }

  get(id: string): Snapshot | undefined {
    const row = this.#snapshots.get(id);
    return row && snapshotOfRow(row);
  }

  list({ actionId, taskId, agentId, state, limit = DEFAULT_LIMIT }: SnapshotFilter): readonly Snapshot[] {
    const found: Snapshot[] = [];
    for (const row of [...this.#snapshots.values()].reverse()) {
      if (found.length >= limit) break;
      const isIn =
        (actionId === undefined || row.action_id === actionId) &&
        (taskId === undefined || row.task_id === taskId) &&
        (agentId === undefined || row.agent_id === agentId) &&
        (state === undefined || row.state === state);
      if (isIn) found.push(snapshotOfRow(row));
    }
    return found;
  }

  change(
    id: string,
    from: SnapshotBefore,
    change: SnapshotChange,
    drafts: readonly RecordDraft[] = [],
  ): Snapshot | undefined {
    const changed = changedSnapshot(this.get(id), from, change);
    if (changed === undefined) return undefined;
    const row = { ...rowOfSnapshot(changed), position: changed.position };
    this.#append(drafts.map(builtOf));
    this.#bytes += changed.bytes - Number(this.#snapshots.get(id)?.bytes ?? 0);
    this.#snapshots.set(id, row);
    return snapshotOfRow(row);
  }

  /** Whoever claimed it is in this process, and so it goes on. */
  isBeingRestored({ state }: Snapshot): boolean {
    return state === 'restoring';
  }

  prune(limits: SnapshotLimits, now: number): number {
    const gone = beyond(this.#aged(), { count: this.#snapshots.size, bytes: this.#bytes }, limits);
    for (const id of gone) this.#remove(id);
    if (now - this.#sweptAt >= SWEEP_MS || now < this.#sweptAt) this.#sweep(now);
    return gone.length;
  }

  #remove(id: string): void {
    const row = this.#snapshots.get(id);
    this.#bytes -= Number(row?.bytes ?? 0);
    this.#byAction.delete(String(row?.action_id));
    this.#snapshots.delete(id);
  }

  *#aged(): Generator<Aged> {
    for (const row of this.#snapshots.values()) yield agedOf(row);
  }

  /** Lets go of contents that nothing refers to any more. */
  #sweep(now: number): void {
    this.#sweptAt = now;
    const used = new Set([...this.#snapshots.values()].flatMap((row) => textsIn(row, 'blobs')));
    for (const [hash, { content, keptAt }] of this.#contents) {
      if (used.has(hash) || keptAt > now - UNUSED_MS) continue;
      if (content === null) this.#files?.remove(hash);
      this.#contents.delete(hash);
    }
  }

  /** Lets go of the contents that lie in files. */
  close(): void {
    if (this.#folder === undefined) return;
    process.off('exit', this.#clean);
    this.#clean();
  }

  #begin(): BlobWriter {
    const keep = (hash: string, content: Uint8Array | null): void => {
      this.#contents.set(hash, { content, keptAt: this.#now() });
    };
    return new ContentWriter({
      begin: () => this.#inFiles().begin(),
      small: ({ hash }, content) => keep(hash, content),
      large: ({ hash }, file) => {
        this.#inFiles().put(file, hash);
        keep(hash, null);
      },
    });
  }

  *#read(hash: string): Generator<Uint8Array> {
    const kept = this.#contents.get(hash);
    if (kept === undefined) throw new Error(`There is no content ${hash} any more.`);
    yield* verified(
      hash,
      kept.content === null ? this.#inFiles().read(hash) : [new Uint8Array(kept.content)],
    );
  }

  #inFiles(): BlobFiles {
    this.#files ??= new BlobFiles(this.#inFolder(), { syncs: false });
    return this.#files;
  }

  #inFolder(): string {
    if (this.#folder === undefined) {
      this.#folder = mkdtempSync(join(tmpdir(), 'plyra-guard-'));
      process.on('exit', this.#clean);
    }
    return this.#folder;
  }
}
