import { type CharSet, charSet, complement } from './char-set.ts';
import { classSource, rangesSource } from './class-source.ts';
import { closeOverCase } from './code-points.ts';
import type { PatternReader } from './pattern-reader.ts';
import { type Category, type Escape, readEscape } from './read-escape.ts';
import type { SetNode } from './syntax-tree.ts';

/**
 * Reads a character class, the cursor being after its `[`. Python's rules: a `]` right after `[` or `[^` is
 * itself, `[` is always itself (there are no POSIX classes), `\b` is a backspace.
 */
export function readClass(reader: PatternReader): SetNode {
  const offset = reader.at - 1;
  const negated = reader.eat('^');
  const ranges: number[] = [];
  const categories: Category[] = [];
  const first = reader.at;
  while (reader.at === first || reader.peek() !== 0x5d) {
    const start = reader.at;
    const low = readMember(reader, offset);
    if (!reader.eat('-')) addMember(low, ranges, categories);
    else if (reader.peek() === 0x5d) {
      addMember(low, ranges, categories);
      ranges.push(0x2d, 0x2d);
    } else {
      const high = readMember(reader, offset);
      if (low.type !== 'char' || high.type !== 'char') {
        throw reader.error('bad character range', start, 'a range goes from one character to another');
      }
      if (high.codePoint < low.codePoint) {
        throw reader.error('bad character range', start, 'its first character must come before its last');
      }
      ranges.push(low.codePoint, high.codePoint);
    }
  }
  reader.at++;
  return setNode(reader, ranges, categories, negated);
}

/** The node for one category escape outside a class. */
export function categoryNode(category: Category): SetNode {
  return {
    type: 'set',
    set: category.set,
    re2: classSource(category.set, symbolicSource([], [category], false)),
  };
}

function setNode(
  reader: PatternReader,
  ranges: readonly number[],
  categories: readonly Category[],
  negated: boolean,
): SetNode {
  const listed = charSet(ranges);
  const closed = reader.flags.ignoreCase ? closeOverCase(listed, reader.flags.ascii) : listed;
  const union = categories.length === 0 ? closed : charSet([closed, ...categories.map((c) => c.set)].flat());
  const set = negated ? complement(union) : union;
  return { type: 'set', set, re2: classSource(set, symbolicSource(closed, categories, negated)) };
}

function readMember(reader: PatternReader, offset: number): Escape {
  if (reader.peek() === 0x5c) return readEscape(reader, true);
  const codePoint = reader.next();
  if (codePoint < 0) {
    throw reader.error(
      'character class without an end',
      offset,
      'close it with `]`, or write `\\[` for a bracket',
    );
  }
  return { type: 'char', codePoint };
}

function addMember(member: Escape, ranges: number[], categories: Category[]): void {
  if (member.type === 'char') ranges.push(member.codePoint, member.codePoint);
  else if (member.type === 'category') categories.push(member);
}

/** The class written with RE2's Unicode properties; null where that cannot say it. */
function symbolicSource(listed: CharSet, categories: readonly Category[], negated: boolean): string | null {
  let inside = rangesSource(listed);
  for (const { symbol, ascii, set } of categories) {
    if (ascii || symbol === 's' || symbol === 'S') inside += rangesSource(set);
    else if (symbol === 'w') inside += '\\p{L}\\p{N}_';
    else if (symbol === 'd') inside += '\\p{Nd}';
    else if (symbol === 'D') inside += '\\P{Nd}';
    else if (categories.length === 1 && listed.length === 0)
      return negated ? '[\\p{L}\\p{N}_]' : '[^\\p{L}\\p{N}_]';
    else return null;
  }
  return `[${negated ? '^' : ''}${inside}]`;
}
