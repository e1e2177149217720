import { type SealedRecord, type Sha256, sealHash } from '../core/chain.ts';
import { readPruned } from '../core/pruned.ts';
import { bodyFromText } from '../core/wire.ts';
import type { Checkpoint, CheckpointTip } from './checkpoint.ts';
import { type JournalProblem, MAX_PROBLEMS, type Place, ProblemList, placeAt, placeOf } from './problems.ts';
import { Removed } from './removed.ts';

/** What a store knows of a writer beside its records. */
export interface KnownWriter {
  readonly id: string;
  /** `null` while it may still write. */
  readonly closedAt: Date | number | null;
  /** The last record when it closed; `null` where that is not known. */
  readonly lastSeq: number | null;
  readonly lastHash: string | null;
  readonly lastPosition: number | null;
}

/** What a journal is verified with. */
export interface VerifyOptions {
  readonly sha256: Sha256;
  /** The writers as the store knows them. Without them, the cut end of a closed writer does not show. */
  readonly writers?: Iterable<KnownWriter> | undefined;
  readonly checkpoint?: Checkpoint | undefined;
}

/** What a journal's check found. */
export interface JournalCheck {
  readonly ok: boolean;
  /** How many records were read. */
  readonly records: number;
  /** By position, at most 100: the first one is where to look. */
  readonly problems: readonly JournalProblem[];
  /** How many more there are. */
  readonly more: number;
}

/**
 * Checks a whole journal: that no record was edited, removed, inserted, moved or cut off, by the rules of
 * docs/audit-log.md. `records`: all that are retained, by position. They are read once; the memory needed grows with
 * the number of writers, not of records. Throws what reading the records throws, and nothing of its own.
 */
export function verifyJournal(records: Iterable<SealedRecord>, options: VerifyOptions): JournalCheck {
  const walk = new Walk(options);
  let count = 0;
  for (const record of records) {
    walk.read(record);
    count++;
  }
  const problems = walk.end(options.writers ?? []);
  const told = problems.told();
  return { ok: told.length === 0, records: count, problems: told, more: problems.found - told.length };
}

/** A record that follows a removed one. Whether it may shows at the end, where the `pruned` records are. */
interface Link {
  readonly place: Place;
  readonly seq: number;
  readonly prevHash: string;
}

/** How far one writer's records have been read. */
interface Chain {
  readonly seq: number;
  readonly hash: string;
  readonly position: number;
  /** Its first record here, where that is not its first ever. */
  readonly begins: Link | undefined;
}

class Walk {
  readonly #sha256: Sha256;
  readonly #since: string;
  /** The checkpoint's records that were not met yet, by position. */
  readonly #awaited: Map<number, CheckpointTip>;
  readonly #chains = new Map<string, Chain>();
  readonly #problems = new ProblemList();
  readonly #removed = new Removed();
  /** The first ranges of positions without a record. */
  readonly #gaps: { readonly from: number; readonly through: number }[] = [];
  #first: SealedRecord | undefined;
  #newest = { position: 0, hash: '' };

  constructor({ sha256, checkpoint }: VerifyOptions) {
    this.#sha256 = sha256;
    this.#since = checkpoint?.at.toISOString() ?? '';
    this.#awaited = new Map(checkpoint?.writers.map((tip) => [tip.position, tip]));
  }

  read(record: SealedRecord): void {
    const place = placeOf(record);
    const { position, hash } = record;
    const adjacent = this.#locate(record, place);
    const whole = sealHash(record, this.#sha256) === hash;
    if (!whole) this.#problems.add('edited', place, 'was edited: its hash is not the hash of what it holds');
    this.#readBody(record, place, whole);
    const chain = this.#chains.get(record.writer.id);
    if (chain === undefined) this.#beginChain(record, place, { whole, adjacent });
    else this.#continueChain(record, place, { chain, whole });
    this.#compare(record, place);
    if (position >= 1) this.#first ??= record;
    if (position > this.#newest.position) this.#newest = { position, hash };
  }

  /** What shows only when every record was read; then all problems. */
  end(writers: Iterable<KnownWriter>): ProblemList {
    this.#checkGaps();
    for (const [id, { begins }] of this.#chains) this.#checkBeginning(id, begins);
    for (const writer of writers) this.#checkClosed(writer);
    this.#checkAwaited();
    return this.#problems;
  }

  /** True when the record comes right behind the one before. */
  #locate({ position }: SealedRecord, place: Place): boolean {
    const next = this.#newest.position + 1;
    if (position < next) {
      const text = `is not behind position ${next - 1}, which comes before it: it was inserted, repeated or moved`;
      this.#problems.add('inserted', place, text);
    } else if (position > next) this.#gap(next, position - 1);
    return position === next;
  }

  #gap(from: number, through: number): void {
    // Pruning explains gaps at the beginning only: whatever comes after many others is explained by nothing.
    if (this.#gaps.length < MAX_PROBLEMS) this.#gaps.push({ from, through });
    else this.#missing(from, through);
  }

  #missing(from: number, through: number): void {
    const text =
      from === through
        ? 'is missing, and no `pruned` record tells of that: it was removed'
        : `and all through position ${through} are missing, and no \`pruned\` record tells of that: they were removed`;
    this.#problems.add('missing', placeAt(from), text);
  }

  #readBody({ kind, body }: SealedRecord, place: Place, whole: boolean): void {
    const pruned = kind === 'pruned' ? prunedOf(body) : undefined;
    if (pruned !== undefined) this.#removed.add(pruned);
    const isReadable = kind === 'pruned' ? pruned !== undefined : isJsonObject(body);
    if (whole && !isReadable) {
      this.#problems.add('unreadable', place, 'has a body that cannot be read: not written by a guard');
    }
  }

  #beginChain(
    record: SealedRecord,
    place: Place,
    { whole, adjacent }: { whole: boolean; adjacent: boolean },
  ): void {
    const { writer, seq, prevHash, hash, position } = record;
    const isFirst = seq === 1;
    // An edited record may claim any writer: only what can be its writer's first is taken for it.
    if (!whole && !isFirst) return;
    if (whole && isFirst && adjacent && prevHash !== this.#newest.hash) {
      const text = 'is the first of its writer, but does not carry the hash of the record before it';
      this.#problems.add('unlinked', place, text);
    }
    this.#chains.set(writer.id, {
      seq,
      hash,
      position,
      begins: isFirst ? undefined : { place, seq, prevHash },
    });
  }

  #continueChain(
    record: SealedRecord,
    place: Place,
    { chain, whole }: { chain: Chain; whole: boolean },
  ): void {
    const { writer, seq, prevHash, hash, position } = record;
    const next = chain.seq + 1;
    if (whole && seq !== next) {
      const text = `is number ${seq} of its writer, where number ${next} must follow: records were removed, inserted or moved`;
      this.#problems.add('sequence', place, text);
    } else if (whole && prevHash !== chain.hash) {
      this.#problems.add('unlinked', place, 'does not carry the hash of the record of its writer before it');
    }
    if (whole ? seq > chain.seq : seq === next) {
      this.#chains.set(writer.id, { seq, hash, position, begins: chain.begins });
    }
  }

  #compare({ position, writer, seq, hash }: SealedRecord, place: Place): void {
    const known = this.#awaited.get(position);
    if (known === undefined) return;
    this.#awaited.delete(position);
    if (known.id === writer.id && known.seq === seq && known.hash === hash) return;
    const text = `is not the record that the checkpoint of ${this.#since} saw here: history was replaced`;
    this.#problems.add('replaced', place, text);
  }

  #checkGaps(): void {
    const { through } = this.#removed;
    for (const gap of this.#gaps) {
      if (gap.through > through) this.#missing(Math.max(gap.from, through + 1), gap.through);
    }
    const first = this.#first;
    if (first === undefined) return;
    const place = placeOf(first);
    if (first.position <= through) {
      const text = `is there, though everything through position ${through} was pruned: it was inserted or put back`;
      this.#problems.add('inserted', place, text);
    } else if (first.position === through + 1 && through > 0 && first.seq === 1) {
      if (this.#removed.hasHash(first.prevHash)) return;
      const text =
        'is the first of its writer, but does not carry the hash of the last record that was pruned';
      this.#problems.add('unlinked', place, text);
    }
  }

  #checkBeginning(id: string, begins: Link | undefined): void {
    if (begins === undefined) return;
    const { place, seq, prevHash } = begins;
    const tip = this.#removed.tipOf(id);
    // The `pruned` record that named it may have been pruned since. That the positions join is proof enough then.
    const follows =
      tip === undefined ? this.#removed.through > 0 : tip.seq === seq - 1 && tip.hash === prevHash;
    if (follows && seq > 1) return;
    const text = `is number ${seq} of its writer and its first here, but no \`pruned\` record tells of the one before it`;
    this.#problems.add('sequence', place, text);
  }

  #checkClosed({ id, closedAt, lastSeq, lastHash, lastPosition }: KnownWriter): void {
    if (closedAt === null || lastSeq === null) return;
    const chain = this.#chains.get(id);
    const seq = chain?.seq ?? 0;
    const place = placeAt(chain?.position ?? null, id, seq);
    if (seq > lastSeq) {
      this.#problems.add('inserted', place, `was written after its writer had closed with number ${lastSeq}`);
    } else if (seq < lastSeq) {
      const wasPruned = lastPosition !== null && lastPosition <= this.#removed.through;
      if (chain === undefined && wasPruned) return;
      const text = `is gone: its writer closed with it, and the last one here is number ${seq}: the end was cut off`;
      this.#problems.add('cut', placeAt(lastPosition, id, lastSeq), text);
    } else if (chain !== undefined && chain.hash !== lastHash) {
      this.#problems.add('replaced', place, 'is not the record that its writer closed with');
    }
  }

  #checkAwaited(): void {
    for (const { position, id, seq } of this.#awaited.values()) {
      if (position <= this.#removed.through) continue;
      const text = `was there at the checkpoint of ${this.#since}, and is gone: the end was cut off or history replaced`;
      this.#problems.add('cut', placeAt(position, id, seq), text);
    }
  }
}

function prunedOf(body: string): ReturnType<typeof readPruned> {
  return isJsonObject(body) ? readPruned(bodyFromText('pruned', body)) : undefined;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
