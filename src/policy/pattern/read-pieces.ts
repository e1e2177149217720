import { type Gap, MAX_TEXTS, type Segment } from './chain.ts';
import { type CharSet, charSet, sizeOf } from './char-set.ts';
import { codePointSource } from './class-source.ts';
import { caseGroup, foldCodePoint } from './code-points.ts';
import type { AssertionKind, CharNode, RepeatNode, SyntaxNode } from './syntax-tree.ts';

/** A part of a pattern, as far as finding it by plain search goes; `opaque` is what only an automaton decides. */
export type Piece =
  | { readonly type: 'segment'; readonly segment: Segment }
  | { readonly type: 'gap'; readonly gap: Gap }
  | { readonly type: 'assertion'; readonly kind: AssertionKind }
  | { readonly type: 'opaque'; readonly node: SyntaxNode };

const MAX_SET_AS_TEXTS = 4;
const MAX_COPIES = 8;

/** Cuts a pattern into pieces, from left to right; neighbouring segments are joined where that stays small. */
export function readPieces(tree: SyntaxNode): Piece[] {
  const pieces: Piece[] = [];
  collect(tree, pieces);
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const before = joined.at(-1);
    const merged = before === undefined ? null : join(before, piece);
    if (merged === null) joined.push(piece);
    else joined[joined.length - 1] = merged;
  }
  return joined;
}

/** The finite set of texts that a node matches; null if there is none, or it is too big. */
export function finiteTexts(node: SyntaxNode): Segment | null {
  switch (node.type) {
    case 'char':
      return charSegment(node);
    case 'set':
      return setSegment(node.set);
    case 'sequence':
      return node.items.reduce<Segment | null>(
        (before, item) => (before === null ? null : product(before, finiteTexts(item))),
        { texts: [''], fold: false },
      );
    case 'choice':
      return union(node.options.map(finiteTexts));
    case 'repeat':
      return repeatSegment(node);
    default:
      return null;
  }
}

function collect(node: SyntaxNode, out: Piece[]): void {
  if (node.type === 'sequence') {
    for (const item of node.items) collect(item, out);
    return;
  }
  const segment = finiteTexts(node);
  if (segment !== null) out.push({ type: 'segment', segment });
  else if (node.type === 'assertion') out.push({ type: 'assertion', kind: node.kind });
  else out.push(gapPiece(node) ?? { type: 'opaque', node });
}

function gapPiece(node: SyntaxNode): Piece | null {
  const [item, min, max] = node.type === 'repeat' ? [node.item, node.min, node.max] : [node, 1, 1];
  const single = unwrap(item);
  if (single.type === 'set') return { type: 'gap', gap: { set: single.set, key: single.re2, min, max } };
  if (single.type !== 'char') return null;
  const { codePoint, fold } = single;
  const set = fold ? charSet(caseGroup(codePoint).flatMap((c) => [c, c])) : [codePoint, codePoint];
  return { type: 'gap', gap: { set, key: `${fold}${codePointSource(codePoint)}`, min, max } };
}

function unwrap(node: SyntaxNode): SyntaxNode {
  const [only] = node.type === 'sequence' ? node.items : [];
  return node.type === 'sequence' && node.items.length === 1 && only !== undefined ? unwrap(only) : node;
}

function join(before: Piece, piece: Piece): Piece | null {
  if (before.type === 'segment' && piece.type === 'segment') {
    const segment = product(before.segment, piece.segment);
    return segment === null ? null : { type: 'segment', segment };
  }
  if (before.type !== 'gap' || piece.type !== 'gap' || before.gap.key !== piece.gap.key) return null;
  const { set, key, min, max } = before.gap;
  return { type: 'gap', gap: { set, key, min: min + piece.gap.min, max: max + piece.gap.max } };
}

/** A lone surrogate could match half a pair by plain search, and folding goes by UTF-16 unit: both stay opaque. */
function charSegment({ codePoint, fold }: CharNode): Segment | null {
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return null;
  if (fold && codePoint > 0xffff) return null;
  return { texts: [String.fromCodePoint(fold ? foldCodePoint(codePoint) : codePoint)], fold };
}

function setSegment(set: CharSet): Segment | null {
  if (sizeOf(set) > MAX_SET_AS_TEXTS) return null;
  const texts: string[] = [];
  for (let i = 0; i + 1 < set.length; i += 2) {
    for (let codePoint = set[i] ?? 0; codePoint <= (set[i + 1] ?? 0); codePoint++) {
      if (codePoint >= 0xd800 && codePoint <= 0xdfff) return null;
      texts.push(String.fromCodePoint(codePoint));
    }
  }
  return texts.length === 0 ? null : { texts, fold: false };
}

function repeatSegment({ item, min, max }: RepeatNode): Segment | null {
  if (max > MAX_COPIES) return null;
  const inner = finiteTexts(item);
  const options: (Segment | null)[] = [];
  let copies: Segment | null = { texts: [''], fold: false };
  for (let count = 0; count <= max && copies !== null; count++) {
    if (count >= min) options.push(copies);
    copies = product(copies, inner);
    if (copies === null && count < max) return null;
  }
  return union(options);
}

/** A text without any cased letter reads the same folded, so it can stand beside a folded one. */
function product(a: Segment, b: Segment | null): Segment | null {
  if (b === null || a.texts.length * b.texts.length > MAX_TEXTS) return null;
  const fold = commonFold([a, b]);
  if (fold === null) return null;
  return { texts: [...new Set(a.texts.flatMap((left) => b.texts.map((right) => left + right)))], fold };
}

function union(options: readonly (Segment | null)[]): Segment | null {
  const segments: Segment[] = [];
  for (const option of options) {
    if (option === null) return null;
    segments.push(option);
  }
  const fold = commonFold(segments);
  const texts = [...new Set(segments.flatMap((segment) => segment.texts))];
  return fold === null || texts.length === 0 || texts.length > MAX_TEXTS ? null : { texts, fold };
}

function commonFold(segments: readonly Segment[]): boolean | null {
  const fold = segments.some((segment) => segment.fold);
  const mixes = fold && segments.some((segment) => !segment.fold && !segment.texts.every(isCaseless));
  return mixes ? null : fold;
}

function isCaseless(text: string): boolean {
  for (const char of text) if (caseGroup(char.codePointAt(0) ?? 0).length > 0) return false;
  return true;
}
