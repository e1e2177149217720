import type { Chain, Gap, Segment } from './chain.ts';
import { contains } from './char-set.ts';
import { matchDense } from './match-dense.ts';
import { reachesBack } from './reaches-back.ts';
import type { TextView } from './text-view.ts';

/**
 * Whether a chain occurs in a text. Works segment by segment with the offsets at which what came so far can end:
 * linear in the number of places where its segments occur, however the gaps nest. Where those are many, it goes on
 * with sets of positions.
 */
export function matchChain(chain: Chain, view: TextView): boolean {
  const last = chain.segments.length - 1;
  const dense = (from: number, ends: readonly number[] | null): boolean =>
    matchDense(chain, from, ends && view.dense.positions(ends), view.dense, view.text.endsWith('\n'));
  if (last < 0 && !view.isShort) return dense(0, null);
  let ends: readonly number[] | null = chain.anchored ? START : null;
  let places = 0;
  for (let i = 0; i <= last; i++) {
    const segment = chain.segments[i];
    if (segment === undefined) return false;
    const atEnd = i === last && chain.end !== 'anywhere' && chain.gaps[i + 1] === null;
    const gap = chain.gaps[i] ?? null;
    const before = ends;
    if (!view.isShort && !atEnd && !(gap === null && ends?.length === 1)) {
      for (const text of segment.texts) places += view.occurrences(text, segment.fold).length;
      if (places * DENSE > view.text.length) return dense(i, ends);
    }
    ends = atEnd
      ? nextEnds(segment, gap, before, view, chain.end)
      : view.shared(i === last ? '' : (chain.names[i] ?? ''), () =>
          nextEnds(segment, gap, before, view, 'anywhere'),
        );
    if (ends.length === 0) return false;
  }
  const gap = chain.gaps[last + 1] ?? null;
  if (gap === null && (last >= 0 || chain.end === 'anywhere')) return true;
  if (gap !== null && chain.end === 'anywhere') {
    return gap.min === 0 || hasRunAfter(gap, ends ?? view.offsets(), view);
  }
  const { length } = view.text;
  const targets =
    chain.end === 'end-or-newline' && view.text.endsWith('\n') ? [length - 1, length] : [length];
  return reachable(gap, ends, targets, view).length > 0;
}

/** Where segments occur at more than one of so many places of a text, sets of positions are faster than lists. */
const DENSE = 12;

/** Up to so many places in a short text, looking back from each is cheaper than a table. */
const FEW = 4;

const START: readonly number[] = Object.freeze([0]);

/** The offsets at which the segment can end, `ends` being those at which what is before its gap can end. */
function nextEnds(
  segment: Segment,
  gap: Gap | null,
  ends: readonly number[] | null,
  view: TextView,
  place: Chain['end'],
): readonly number[] {
  const out: number[] = [];
  const { boundary } = segment;
  for (const text of segment.texts) {
    const starts =
      place === 'anywhere'
        ? startsOf(text, segment.fold, gap, ends, view)
        : startsAtEnd(text, segment, view, place);
    for (const start of reachable(gap, ends, starts, view)) {
      const end = start + text.length;
      if (boundary?.before && !view.isWordBoundary(start)) continue;
      if (boundary?.after && !view.isWordBoundary(end)) continue;
      out.push(end);
    }
  }
  return segment.texts.length > 1 && out.length > 1 ? [...new Set(out)].sort((a, b) => a - b) : out;
}

/** Where the text occurs; only the one place that matters if that is given. */
function startsOf(
  text: string,
  fold: boolean,
  gap: Gap | null,
  ends: readonly number[] | null,
  view: TextView,
): readonly number[] {
  const [only] = ends ?? [];
  if (gap !== null || ends?.length !== 1 || only === undefined) return view.occurrences(text, fold);
  return (fold ? view.folded : view.text).startsWith(text, only) ? ends : [];
}

function startsAtEnd(text: string, segment: Segment, view: TextView, place: Chain['end']): readonly number[] {
  const within = view.textFor(segment);
  const out: number[] = [];
  const before = within.length - 1;
  if (
    place === 'end-or-newline' &&
    before >= text.length &&
    within.endsWith('\n') &&
    within.endsWith(text, before)
  ) {
    out.push(before - text.length);
  }
  if (place === 'end-or-newline' && before === text.length && within.endsWith('\n') && out.length === 0) {
    if (within.startsWith(text)) out.push(0);
  }
  if (within.endsWith(text)) out.push(within.length - text.length);
  return out;
}

/** Those of the ascending `starts` that the gap can reach from one of the ascending `ends` (null: from anywhere). */
function reachable(
  gap: Gap | null,
  ends: readonly number[] | null,
  starts: readonly number[],
  view: TextView,
): readonly number[] {
  if (gap === null) return ends === null ? starts : intersection(ends, starts);
  if (ends === null && gap.min === 0) return starts;
  const unbroken = reachesBack(gap, view.hasNewline);
  const runs = unbroken || (starts.length <= FEW && view.isShort) ? null : view.runStarts(gap);
  const indexes = gap.min === 0 && gap.max === Number.POSITIVE_INFINITY ? null : view.codePointIndexes;
  const distance = (from: number, to: number): number =>
    indexes === null ? to - from : (indexes[to] ?? 0) - (indexes[from] ?? 0);
  const out: number[] = [];
  const few = starts.length * 16 < (ends?.length ?? 0);
  let next = 0;
  for (const start of starts) {
    const back = unbroken ? 0 : runs === null ? view.runStart(gap, start) : (runs[start] ?? 0);
    if (ends === null) {
      if (distance(back, start) >= gap.min) out.push(start);
      continue;
    }
    if (few) next = countBelow(ends, (end) => end <= start && distance(end, start) >= gap.min);
    else
      while (next < ends.length && (ends[next] ?? 0) <= start && distance(ends[next] ?? 0, start) >= gap.min)
        next++;
    const end = ends[next - 1];
    if (end !== undefined && end >= back && distance(end, start) <= gap.max) out.push(start);
  }
  return out;
}

/** How many of the ascending `ends` there are before the first that does not hold, by bisection. */
function countBelow(ends: readonly number[], holds: (end: number) => boolean): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(ends[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function intersection(a: readonly number[], b: readonly number[]): readonly number[] {
  const out: number[] = [];
  let i = 0;
  for (const value of b) {
    while (i < a.length && (a[i] ?? 0) < value) i++;
    if (a[i] === value) out.push(value);
  }
  return out;
}

/** Whether a run of at least `min` characters of the set comes right after one of `ends`. */
function hasRunAfter(gap: Gap, ends: readonly number[], view: TextView): boolean {
  const indexes = view.codePointIndexes;
  if (indexes === null && ends.length <= FEW && view.isShort) {
    return ends.some((end) => isRun(gap, view.text, end, end + gap.min));
  }
  const runs = view.runStarts(gap);
  const { length } = view.text;
  let at = 0;
  for (const end of ends) {
    at = Math.max(at, end);
    while (at < length && (runs[at + 1] ?? 0) <= end) at++;
    if (indexes === null ? at - end >= gap.min : (indexes[at] ?? 0) - (indexes[end] ?? 0) >= gap.min)
      return true;
  }
  return false;
}

/** Whether every character from one offset to another is there and in the gap's set. */
function isRun({ set }: Gap, text: string, from: number, to: number): boolean {
  if (to > text.length) return false;
  for (let at = from; at < to; at++) if (!contains(set, text.charCodeAt(at))) return false;
  return true;
}
