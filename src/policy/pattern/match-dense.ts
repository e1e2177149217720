import { addBit, addMoved, type BitSet, emptyBits, hasBit, keep } from './bit-set.ts';
import type { Chain, Gap, Segment } from './chain.ts';
import type { DenseView } from './dense-view.ts';
import { codePointCount } from './text-letters.ts';

/**
 * Whether a chain occurs in a text, from segment `from` on; `ends` are the positions at which what comes before can
 * end (null: nothing comes before). `finalNewline`: the text ends with one.
 * Takes time proportional to the text's length / 32 for each text and gap of the chain, wherever they occur.
 */
export function matchDense(
  chain: Chain,
  from: number,
  ends: BitSet | null,
  dense: DenseView,
  finalNewline: boolean,
): boolean {
  const last = chain.segments.length - 1;
  let bits = ends ?? begin(chain, dense);
  for (let i = from; i <= last; i++) {
    const segment = chain.segments[i];
    if (segment === undefined) return false;
    const before = bits;
    const compute = (): BitSet => nextBits(segment, chain.gaps[i] ?? null, before, dense);
    bits = i === last ? compute() : dense.shared(chain.names[i] ?? '', compute);
    if (dense.isEmpty(bits)) return false;
  }
  const gap = chain.gaps[last + 1] ?? null;
  if (chain.end === 'anywhere') {
    return gap === null || !dense.isEmpty(dense.reached(bits, { ...gap, max: gap.min }));
  }
  if (gap !== null) bits = dense.reached(bits, gap);
  const end = dense.size - 1;
  return hasBit(bits, end) || (chain.end === 'end-or-newline' && finalNewline && hasBit(bits, end - 1));
}

function begin(chain: Chain, dense: DenseView): BitSet {
  if (!chain.anchored) return dense.all();
  const bits = emptyBits(dense.size);
  addBit(bits, 0);
  return bits;
}

/** The positions at which the segment can end, `before` being those at which what is before its gap can end. */
function nextBits(segment: Segment, gap: Gap | null, before: BitSet, dense: DenseView): BitSet {
  const { boundary, texts, fold } = segment;
  const reached = gap === null ? before : dense.reached(before, gap);
  const starts = boundary?.before === true ? reached.slice() : reached;
  if (boundary?.before === true) keep(starts, dense.boundaries);
  const out = emptyBits(dense.size);
  for (const text of texts) addMoved(out, starts, dense.starts(text, fold), codePointCount(text));
  if (boundary?.after === true) keep(out, dense.boundaries);
  return out;
}
