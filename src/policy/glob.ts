import { type GlobPiece, parseGlob } from './glob-pieces.ts';

/** An fnmatch glob, ready to match: `*` any text (dots and slashes too), `?` one character, `[ab-d]`, `[!x]`. */
export interface Glob {
  /** The glob as written. */
  readonly source: string;
  /** `any` matches everything; `general` has `?`, `[…]` or a `*` inside. */
  readonly shape: 'any' | 'exact' | 'prefix' | 'suffix' | 'general';
  /** The text itself, the text before the only `*`, or the text after it; for `general` what every match starts with. */
  readonly literal: string;
  /** Whether the whole of `text` matches, case counting. Time is linear in the text for a given glob. */
  test(text: string): boolean;
}

/** Compiles a glob with the meaning of Python's `fnmatch.fnmatchcase`. Every text is a glob: never throws. */
export function compileGlob(source: string): Glob {
  const pieces = parseGlob(source);
  const [first, second] = pieces;
  if (first === undefined) return exact(source, '');
  if (pieces.length === 1) {
    if (first.type === 'literal') return exact(source, first.text);
    if (first.type === 'star') return { source, shape: 'any', literal: '', test: () => true };
  }
  if (pieces.length === 2 && first.type === 'literal' && second?.type === 'star') {
    const literal = first.text;
    return { source, shape: 'prefix', literal, test: (text) => text.startsWith(literal) };
  }
  if (pieces.length === 2 && first.type === 'star' && second?.type === 'literal') {
    const literal = second.text;
    return { source, shape: 'suffix', literal, test: (text) => text.endsWith(literal) };
  }
  const literal = first.type === 'literal' ? first.text : '';
  return { source, shape: 'general', literal, test: generalTest(pieces) };
}

function exact(source: string, literal: string): Glob {
  return { source, shape: 'exact', literal, test: (text) => text === literal };
}

/** Pieces between two stars; each matches a fixed number of characters. */
type Segment = readonly GlobPiece[];

function generalTest(pieces: readonly GlobPiece[]): (text: string) => boolean {
  const segments: GlobPiece[][] = [[]];
  for (const piece of pieces) {
    if (piece.type === 'star') segments.push([]);
    else segments.at(-1)?.push(piece);
  }
  const head = segments[0] ?? [];
  const tail = segments.at(-1) ?? [];
  if (segments.length === 1) return (text) => matchAt(head, text, 0) === text.length;
  const middle = segments.slice(1, -1).filter((segment) => segment.length > 0);
  return (text) => {
    let at = matchAt(head, text, 0);
    for (const segment of middle) {
      if (at < 0) return false;
      at = findFrom(segment, text, at);
    }
    if (at < 0) return false;
    const start = startOfTail(tail, text);
    return start >= at && matchAt(tail, text, start) === text.length;
  };
}

/** Where the leftmost match of `segment` at or after `from` ends; -1 without one. Leftmost is best: stars are free. */
function findFrom(segment: Segment, text: string, from: number): number {
  const [first] = segment;
  if (first?.type === 'literal') {
    for (let at = text.indexOf(first.text, from); at >= 0; at = text.indexOf(first.text, at + 1)) {
      const end = matchAt(segment, text, at);
      if (end >= 0) return end;
    }
    return -1;
  }
  for (let at = from; at <= text.length; at += widthAt(text, at)) {
    const end = matchAt(segment, text, at);
    if (end >= 0) return end;
  }
  return -1;
}

/** Where `segment` ends when it starts at `from`; -1 when it does not match there. */
function matchAt(segment: Segment, text: string, from: number): number {
  let at = from;
  for (const piece of segment) {
    if (piece.type === 'literal') {
      if (!text.startsWith(piece.text, at)) return -1;
      at += piece.text.length;
    } else {
      if (at >= text.length) return -1;
      if (piece.type === 'class' && !piece.has(text.codePointAt(at) ?? 0)) return -1;
      at += widthAt(text, at);
    }
  }
  return at;
}

function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

/** Where the last pieces must start to end with the text; -1 when the text is too short. */
function startOfTail(tail: Segment, text: string): number {
  let at = text.length;
  for (let i = tail.length - 1; i >= 0; i--) {
    const piece = tail[i];
    if (piece?.type === 'literal') at -= piece.text.length;
    else at -= at >= 2 && widthAt(text, at - 2) === 2 ? 2 : 1;
    if (at < 0) return -1;
  }
  return at;
}
