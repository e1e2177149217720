import { type Chain, type Gap, MAX_TEXTS, type Segment } from './chain.ts';
import { ANY } from './char-set.ts';
import { type Piece, readPieces } from './read-pieces.ts';
import type { AssertionKind, SyntaxNode } from './syntax-tree.ts';

/** What is known about a pattern without running it: the base for finding it among thousands. */
export interface PatternShape {
  /** The pattern as a chain, which decides it; null if it is more than that. */
  readonly chain: Chain | null;
  /** Otherwise a chain that occurs in every text that matches, and in others too; null if it has no segment. */
  readonly outline: Chain | null;
  /** Segments that all occur, not empty, in every text that matches. */
  readonly required: readonly Segment[];
  /** The first of `required` if it stands at the very beginning of every text that matches. */
  readonly prefix: Segment | null;
  /** The text, if the pattern is a plain one. */
  readonly literal: string | null;
  /** The text, if the pattern is a plain one between `^` and `$`. */
  readonly exact: string | null;
}

/** Works out the shape of a pattern. */
export function shapeOf(tree: SyntaxNode): PatternShape {
  const pieces = readPieces(tree);
  const chain = chainOf(pieces);
  const outline = chain === null ? outlineOf(pieces) : null;
  const required = (chain ?? outline)?.segments ?? [];
  const start = pieces.findIndex((piece) => !isStart(piece));
  const first = start > 0 ? pieces[start] : undefined;
  const prefix = first?.type === 'segment' && !first.segment.texts.includes('') ? first.segment : null;
  const [only] = chain !== null && chain.segments.length === 1 ? chain.segments : [];
  const text =
    only !== undefined && only.boundary === undefined && !only.fold && only.texts.length === 1
      ? (only.texts[0] ?? null)
      : null;
  const bare = chain?.gaps.every((gap) => gap === null);
  return {
    chain,
    outline,
    required,
    prefix,
    literal: chain !== null && bare && !chain.anchored && chain.end === 'anywhere' ? text : null,
    exact: chain !== null && bare && chain.anchored && chain.end !== 'anywhere' ? text : null,
  };
}

function isStart(piece: Piece): boolean {
  return piece.type === 'assertion' && piece.kind === 'start';
}

function chainOf(pieces: readonly Piece[]): Chain | null {
  let from = 0;
  let to = pieces.length;
  while (from < to && assertionAt(pieces, from) === 'start') from++;
  let end: Chain['end'] = 'anywhere';
  for (; to > from; to--) {
    const kind = assertionAt(pieces, to - 1);
    if (kind !== 'end' && kind !== 'end-or-newline') break;
    if (end !== 'end') end = kind;
  }
  const segments: Segment[] = [];
  const gaps: (Gap | null)[] = [];
  let gap: Gap | null = null;
  let before = false;
  for (const [i, piece] of pieces.slice(from, to).entries()) {
    if (piece.type === 'segment' && !piece.segment.texts.includes('')) {
      const after = from + i + 1 < to && assertionAt(pieces, from + i + 1) === 'word-boundary';
      segments.push(before || after ? { ...piece.segment, boundary: { before, after } } : piece.segment);
      gaps.push(gap);
      gap = null;
      before = false;
    } else if (piece.type === 'assertion' && piece.kind === 'word-boundary') {
      const told = i > 0 && pieces[from + i - 1]?.type === 'segment';
      if (!told && pieces[from + i + 1]?.type !== 'segment') return null;
      before = !told;
    } else if (piece.type === 'gap' && gap === null) gap = piece.gap;
    else return null;
  }
  const anchored = from > 0;
  return { anchored, segments, gaps: [...gaps, gap], end, names: namesOf(anchored, segments, gaps) };
}

function namesOf(anchored: boolean, segments: readonly Segment[], gaps: readonly (Gap | null)[]): string[] {
  let name = anchored ? '^' : '';
  return segments.map(({ texts, fold, boundary }, i) => {
    const gap = gaps[i] ?? null;
    name += JSON.stringify([
      gap === null ? null : [gap.key, gap.min, String(gap.max)],
      fold,
      texts,
      boundary,
    ]);
    return name;
  });
}

function assertionAt(pieces: readonly Piece[], at: number): AssertionKind | null {
  const piece = pieces[at];
  return piece?.type === 'assertion' ? piece.kind : null;
}

/** A chain with what it cannot say left open: assertions are dropped, the rest becomes a gap of any text. */
function outlineOf(pieces: readonly Piece[]): Chain | null {
  const loose: Piece[] = [];
  for (const piece of pieces) {
    if (piece.type === 'assertion') {
      if (piece.kind === 'start' && loose.every(isStart)) loose.push(piece);
    } else if (piece.type === 'opaque') {
      loose.push(ANYTHING);
      for (const segment of requiredOf(piece.node)) loose.push({ type: 'segment', segment }, ANYTHING);
    } else loose.push(piece.type === 'segment' && piece.segment.texts.includes('') ? ANYTHING : piece);
  }
  const joined: Piece[] = [];
  for (const piece of loose) {
    const before = joined.at(-1);
    if (before?.type === 'gap' && piece.type === 'gap')
      joined[joined.length - 1] = widest(before.gap, piece.gap);
    else joined.push(piece);
  }
  const outline = chainOf(joined);
  return outline === null || outline.segments.length === 0 ? null : outline;
}

const ANYTHING: Piece = Object.freeze({
  type: 'gap',
  gap: Object.freeze({ set: ANY, key: '(?s:.)', min: 0, max: Number.POSITIVE_INFINITY }),
});

function widest(a: Gap, b: Gap): Piece {
  return { type: 'gap', gap: { set: ANY, key: '(?s:.)', min: a.min + b.min, max: a.max + b.max } };
}

function requiredSegments(pieces: readonly Piece[]): Segment[] {
  const required: Segment[] = [];
  for (const piece of pieces) {
    if (piece.type === 'segment' && !piece.segment.texts.includes('')) required.push(piece.segment);
    else if (piece.type === 'opaque') required.push(...requiredOf(piece.node));
  }
  return required;
}

function requiredOf(node: SyntaxNode): Segment[] {
  if (node.type === 'repeat') return node.min === 0 ? [] : requiredSegments(readPieces(node.item));
  if (node.type !== 'choice') return [];
  const best = node.options.map((option) => longest(requiredSegments(readPieces(option))));
  const segments: Segment[] = [];
  for (const segment of best) {
    if (segment === null || segment.fold !== best[0]?.fold) return [];
    segments.push(segment);
  }
  const texts = [...new Set(segments.flatMap((segment) => segment.texts))];
  return texts.length > MAX_TEXTS * 4 ? [] : [{ texts, fold: segments[0]?.fold ?? false }];
}

function longest(segments: readonly Segment[]): Segment | null {
  let best: Segment | null = null;
  for (const segment of segments) {
    if (best === null || shortestText(segment) > shortestText(best)) best = segment;
  }
  return best;
}

/** The length of the shortest text of a segment, in UTF-16 units. */
export function shortestText(segment: Segment): number {
  return segment.texts.reduce((least, text) => Math.min(least, text.length), Number.POSITIVE_INFINITY);
}
