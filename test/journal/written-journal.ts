import { hash } from 'node:crypto';
import { type ChainTip, type SealedRecord, sealRecord } from '../../src/core/chain.ts';
import { type PrunedBody, readPruned } from '../../src/core/pruned.ts';
import type { RecordKind } from '../../src/core/record.ts';
import { bodyFromText } from '../../src/core/wire.ts';
import type { KnownWriter } from '../../src/journal/verify.ts';

export const sha256 = (text: string): string => hash('sha256', text);

/** When the first record is written, epoch milliseconds; each one comes a second after the one before. */
const START = 1_800_000_000_000;

/** A journal in memory, written as a store writes it: by any number of writers, pruned at any time. */
export class WrittenJournal {
  #records: SealedRecord[] = [];
  readonly #tips = new Map<string, ChainTip & { readonly position: number }>();
  readonly #closed = new Set<string>();
  #position = 0;
  #newestHash = '';

  /** What is retained, oldest first. */
  get records(): readonly SealedRecord[] {
    return this.#records;
  }

  /** The writers, as a store knows them. */
  get writers(): KnownWriter[] {
    return [...this.#tips].map(([id, { seq, hash, position }]) =>
      this.#closed.has(id)
        ? { id, closedAt: START, lastSeq: seq, lastHash: hash, lastPosition: position }
        : { id, closedAt: null, lastSeq: null, lastHash: null, lastPosition: null },
    );
  }

  append(
    writer: string,
    kind: RecordKind,
    actionId: string,
    body: Readonly<Record<string, unknown>>,
  ): SealedRecord {
    const tip = this.#tips.get(writer) ?? { seq: 0, hash: this.#newestHash };
    const draft = {
      v: 1,
      writer: { id: writer, host: 'host', pid: 7 },
      kind,
      actionId,
      at: new Date(START + 1000 * this.#position),
      policyRevision: 'r1',
      namespace: 'default',
      body: () => body,
    } as const;
    const record = sealRecord(draft, tip, ++this.#position, sha256);
    this.#records.push(record);
    this.#tips.set(writer, record);
    this.#newestHash = record.hash;
    return record;
  }

  /** The writer writes no more. */
  close(writer: string): void {
    this.#closed.add(writer);
  }

  /** Removes everything through a position and leaves a record of that. */
  prune(writer: string, through: number): void {
    const gone = this.#records.filter(({ position }) => position <= through);
    const [first, last] = [gone[0], gone.at(-1)];
    if (first === undefined || last === undefined) return;
    const tips = new Map(gone.map(({ writer, seq, hash }) => [writer.id, { id: writer.id, seq, hash }]));
    const newest = this.#records.findLast(({ kind }) => kind === 'pruned');
    const told = newest && readPruned(bodyFromText('pruned', newest.body));
    const from = told?.throughPosition === first.position - 1 ? told.fromPosition : first.position;
    const body: PrunedBody = {
      fromPosition: from,
      throughPosition: last.position,
      count: gone.length,
      writers: [...tips.values()],
      firstAt: first.at,
      lastAt: last.at,
    };
    this.#records = this.#records.filter(({ position }) => position > through);
    this.append(writer, 'pruned', '', { ...body });
  }
}
