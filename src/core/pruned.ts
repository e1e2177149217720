/** The end of one writer's chain, as a `pruned` record or a checkpoint names it. */
export interface NamedTip {
  /** The writer's id. */
  readonly id: string;
  readonly seq: number;
  readonly hash: string;
}

/**
 * What a `pruned` record holds. Pruning removes the oldest records; what is left begins right behind
 * `throughPosition`. The range joins that of the `pruned` record before, so that the newest one tells of all passes:
 * older ones may be pruned themselves.
 */
export interface PrunedBody {
  readonly fromPosition: number;
  readonly throughPosition: number;
  /** Records removed by this pass. */
  readonly count: number;
  /** The last record of each writer that this pass removed. */
  readonly writers: readonly NamedTip[];
  /** When the first and the last of them were written; ISO 8601 where it was read from a store. */
  readonly firstAt: Date | string;
  readonly lastAt: Date | string;
}

/** The range and the writers that a `pruned` record's body tells of; `undefined` when it cannot be read. */
export function readPruned(
  body: Readonly<Record<string, unknown>>,
): Pick<PrunedBody, 'fromPosition' | 'throughPosition' | 'writers'> | undefined {
  const { fromPosition, throughPosition, writers } = body;
  if (!isCount(fromPosition) || !isCount(throughPosition)) return undefined;
  if (!Array.isArray(writers) || !writers.every(isNamedTip)) return undefined;
  return { fromPosition, throughPosition, writers };
}

/** True for what names the end of a writer's chain. */
export function isNamedTip(value: unknown): value is NamedTip {
  if (typeof value !== 'object' || value === null) return false;
  const { id, seq, hash } = value as Partial<Record<keyof NamedTip, unknown>>;
  return typeof id === 'string' && isCount(seq) && typeof hash === 'string';
}

/** True for a whole number from 1 on. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}
