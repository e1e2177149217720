/** One part of a glob. Neighbouring literal characters are one part, neighbouring stars are one star. */
export type GlobPiece =
  | { readonly type: 'star' | 'any' }
  | { readonly type: 'literal'; readonly text: string }
  | { readonly type: 'class'; has(codePoint: number): boolean };

/** Splits a glob as `fnmatch.translate` of Python 3.11 does. */
export function parseGlob(source: string): readonly GlobPiece[] {
  const pieces: GlobPiece[] = [];
  let literal = '';
  const flush = (): void => {
    if (literal !== '') pieces.push({ type: 'literal', text: literal });
    literal = '';
  };
  let at = 0;
  while (at < source.length) {
    const char = source.charAt(at);
    const end = char === '[' ? classEnd(source, at + 1) : -1;
    if (char === '*' || char === '?' || end >= 0) flush();
    if (end >= 0) {
      pieces.push(parseClass([...source.slice(at + 1, end)]));
      at = end + 1;
      continue;
    }
    if (char === '?') pieces.push({ type: 'any' });
    else if (char !== '*') literal += char;
    else if (pieces.at(-1)?.type !== 'star') pieces.push({ type: 'star' });
    at++;
  }
  flush();
  return pieces;
}

/** Where the `]` of a class stands whose content starts at `from`; -1 when `[` is a plain character. */
function classEnd(source: string, from: number): number {
  let at = from;
  if (source.charAt(at) === '!') at++;
  if (source.charAt(at) === ']') at++;
  return source.indexOf(']', at);
}

function parseClass(content: readonly string[]): GlobPiece {
  const chunks = joinEmptyRanges(splitRanges(content));
  const negated = chunks[0]?.[0] === '!';
  if (negated) chunks[0] = chunks[0]?.slice(1) ?? [];
  const singles = new Set<number>();
  const ranges: (readonly [number, number])[] = [];
  chunks.forEach((chunk, i) => {
    const before = i > 0 ? chunks[i - 1]?.at(-1) : undefined;
    if (before !== undefined && chunk[0] !== undefined) ranges.push([code(before), code(chunk[0])]);
    for (const char of chunk) singles.add(code(char));
  });
  const has = (codePoint: number): boolean =>
    singles.has(codePoint) || ranges.some(([low, high]) => codePoint >= low && codePoint <= high);
  return { type: 'class', has: negated ? (codePoint) => !has(codePoint) : has };
}

/** Cuts at every `-` that makes a range: a range lies between the end of one chunk and the start of the next. */
function splitRanges(content: readonly string[]): string[][] {
  const chunks: string[][] = [];
  let start = 0;
  let dash = content.indexOf('-', content[0] === '!' ? 2 : 1);
  while (dash >= 0) {
    chunks.push(content.slice(start, dash));
    start = dash + 1;
    dash = content.indexOf('-', dash + 3);
  }
  const last = content.slice(start);
  if (last.length > 0 || chunks.length === 0) chunks.push(last);
  else chunks.at(-1)?.push('-');
  return chunks;
}

/** A range that runs backwards, such as `z-a`, is dropped with both its ends. */
function joinEmptyRanges(chunks: string[][]): string[][] {
  for (let i = chunks.length - 1; i > 0; i--) {
    const left = chunks[i - 1] ?? [];
    const right = chunks[i] ?? [];
    const [end, start] = [left.at(-1), right[0]];
    if (end === undefined || start === undefined || code(end) <= code(start)) continue;
    chunks.splice(i - 1, 2, [...left.slice(0, -1), ...right.slice(1)]);
  }
  return chunks;
}

function code(char: string): number {
  return char.codePointAt(0) ?? 0;
}
