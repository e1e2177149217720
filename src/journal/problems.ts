import type { SealedRecord } from '../core/chain.ts';

/**
 * What can be wrong with a journal. `edited`: a record's hash is not that of what it holds. `unreadable`: its body is
 * not what its kind says. `missing`: positions without a record. `inserted`: a record where none can be. `sequence`:
 * a writer's numbers do not go on by one. `unlinked`: a record does not carry the hash that comes before it. `cut`:
 * the end of a writer's records is gone. `replaced`: another record stands where a known one stood. `projection`: the
 * tables that the log is read by do not say what the records say.
 */
export type ProblemKind =
  | 'edited'
  | 'unreadable'
  | 'missing'
  | 'inserted'
  | 'sequence'
  | 'unlinked'
  | 'cut'
  | 'replaced'
  | 'projection';

/** One thing that is wrong with a journal, and the record where it shows; `null` where that is not known. */
export interface JournalProblem {
  readonly kind: ProblemKind;
  readonly position: number | null;
  /** The writer's id. */
  readonly writer: string | null;
  readonly seq: number | null;
  readonly actionId: string | null;
  /** What is wrong, as a sentence that begins with the record. */
  readonly problem: string;
}

/** Where a problem shows. */
export type Place = Pick<JournalProblem, 'position' | 'writer' | 'seq' | 'actionId'>;

/** How many problems are told; further ones are counted. */
export const MAX_PROBLEMS = 100;

/** The place of a record. */
export function placeOf({ position, writer, seq, actionId }: SealedRecord): Place {
  return { position, writer: writer.id, seq, actionId };
}

/** The place of a record that is not there: as much of it as is known. */
export function placeAt(
  position: number | null,
  writer: string | null = null,
  seq: number | null = null,
): Place {
  return { position, writer, seq, actionId: null };
}

/** Problems in the order of their positions; keeps no more of them than are told. */
export class ProblemList {
  readonly #kept: JournalProblem[] = [];
  #found = 0;

  /** How many were found, told or not. */
  get found(): number {
    return this.#found;
  }

  add(kind: ProblemKind, place: Place, problem: string): void {
    this.#found++;
    // Problems come nearly in order. One of a lower position may come late: it takes its place among the kept ones.
    const at = this.#kept.findLastIndex((known) => orderOf(known) <= orderOf(place)) + 1;
    this.#kept.splice(at, 0, { kind, ...place, problem });
    if (this.#kept.length > MAX_PROBLEMS) this.#kept.pop();
  }

  /** The first ones, at most {@link MAX_PROBLEMS}. */
  told(): readonly JournalProblem[] {
    return [...this.#kept];
  }
}

function orderOf({ position }: Place): number {
  return position ?? Number.POSITIVE_INFINITY;
}
