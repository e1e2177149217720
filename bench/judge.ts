import type { Bound } from './bounds.ts';
import { median } from './measure.ts';

/** A bound with what was measured for it. */
export interface Judged {
  readonly bound: Bound;
  readonly values: readonly number[];
  /** The median of the values. */
  readonly value: number;
  readonly met: boolean;
}

/** Sets each bound against the median of its values. A bound without a value, or with NaN, is not met. */
export function judge(
  bounds: readonly Bound[],
  measured: ReadonlyMap<string, readonly number[]>,
): readonly Judged[] {
  return bounds.map((bound) => {
    const values = measured.get(bound.id) ?? [];
    const value = median(values);
    const met = bound.moreIsBetter === true ? value >= bound.limit : value <= bound.limit;
    return { bound, values, value, met };
  });
}
