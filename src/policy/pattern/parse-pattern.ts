import { ANY } from './char-set.ts';
import { classSource } from './class-source.ts';
import { caseGroup, closeOverCase, isAsciiLetter, NOT_NEWLINE } from './code-points.ts';
import { PatternReader } from './pattern-reader.ts';
import { categoryNode, readClass } from './read-class.ts';
import { readEscape } from './read-escape.ts';
import { readGroup } from './read-group.ts';
import type { AssertionKind, CharNode, SetNode, SyntaxNode } from './syntax-tree.ts';

/** Longest pattern, in UTF-16 units. */
export const MAX_PATTERN_LENGTH = 10_000;

/** Highest repeat count, and highest product of the counts of nested repeats: RE2's. */
export const MAX_REPEAT = 1000;

/**
 * Parses a Python `re` pattern (str semantics, as of Python 3.11). Throws `PatternError` for what Python
 * refuses too, and for what cannot be matched in linear time: look-around, back-references, conditional and
 * atomic groups, possessive repeats; and for `\N{…}` and what exceeds a cap.
 */
export function parsePattern(source: string): SyntaxNode {
  const reader = new PatternReader(source);
  if (source.length > MAX_PATTERN_LENGTH) {
    reader.at = source.length;
    throw reader.error(
      `the pattern is longer than ${MAX_PATTERN_LENGTH} characters`,
      0,
      'write several rules',
    );
  }
  const tree = readChoice(reader);
  if (!reader.done) {
    const offset = reader.at++;
    throw reader.error('`)` without its `(`', offset, 'write `\\)` for a parenthesis');
  }
  return tree;
}

function readChoice(reader: PatternReader): SyntaxNode {
  const first = readSequence(reader, reader.depth === 0);
  if (reader.peek() !== 0x7c) return first;
  const options = [first];
  while (reader.eat('|')) options.push(readSequence(reader, false));
  return { type: 'choice', options };
}

function readSequence(reader: PatternReader, mayHoldFlags: boolean): SyntaxNode {
  const items: SyntaxNode[] = [];
  let repeated = false;
  while (!reader.done) {
    if (reader.flags.verbose && skipBlank(reader)) continue;
    const codePoint = reader.peek();
    if (codePoint === 0x7c || codePoint === 0x29) break;
    const offset = reader.at;
    const count = readQuantifier(reader);
    if (count === null) {
      const item = readItem(reader, mayHoldFlags && items.length === 0);
      if (item !== null) {
        items.push(item);
        repeated = false;
      }
      continue;
    }
    const item = items.pop();
    if (item === undefined || item.type === 'assertion')
      throw reader.error('nothing to repeat', offset, 'escape it to match it literally');
    if (repeated) throw reader.error('multiple repeat', offset, 'group the inner one: `(?:…)`');
    items.push({ type: 'repeat', item, ...count });
    repeated = true;
  }
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { type: 'sequence', items };
}

function readItem(reader: PatternReader, atStart: boolean): SyntaxNode | null {
  const { flags } = reader;
  const codePoint = reader.peek();
  if (codePoint === 0x28) return readParenthesis(reader, atStart);
  if (codePoint === 0x5c) {
    const meaning = readEscape(reader, false);
    if (meaning.type === 'char') return charNode(reader, meaning.codePoint);
    return meaning.type === 'category' ? categoryNode(meaning) : meaning;
  }
  reader.next();
  if (codePoint === 0x5b) return readClass(reader);
  if (codePoint === 0x2e) return anyNode(flags.dotAll);
  if (codePoint === 0x5e) return assertion(flags.multiline ? 'line-start' : 'start');
  if (codePoint === 0x24) return assertion(flags.multiline ? 'line-end' : 'end-or-newline');
  return charNode(reader, codePoint);
}

/** A group that is only an assertion may be repeated, a bare assertion may not: so it keeps a sequence around it. */
function readParenthesis(reader: PatternReader, atStart: boolean): SyntaxNode | null {
  const body = readGroup(reader, atStart, readChoice);
  return body === null || body.type === 'sequence' ? body : { type: 'sequence', items: [body] };
}

function assertion(kind: AssertionKind): SyntaxNode {
  return { type: 'assertion', kind };
}

function anyNode(dotAll: boolean): SetNode {
  const set = dotAll ? ANY : NOT_NEWLINE;
  return { type: 'set', set, re2: classSource(set, null) };
}

function charNode(reader: PatternReader, codePoint: number): CharNode | SetNode {
  const { ignoreCase, ascii } = reader.flags;
  if (ignoreCase && ascii && isAsciiLetter(codePoint)) {
    const set = closeOverCase([codePoint, codePoint], true);
    return { type: 'set', set, re2: classSource(set, null) };
  }
  return { type: 'char', codePoint, fold: ignoreCase && !ascii && caseGroup(codePoint).length > 0 };
}

/** Under the `x` flag, white space and `#` comments between items mean nothing. */
function skipBlank(reader: PatternReader): boolean {
  if (reader.take(/^[ \t\n\r\v\f]$/, Number.POSITIVE_INFINITY) !== '') return true;
  if (!reader.eat('#')) return false;
  reader.take(/^[^\n]$/, Number.POSITIVE_INFINITY);
  return true;
}

interface RepeatCount {
  readonly min: number;
  readonly max: number;
  readonly greedy: boolean;
}

/** Reads a quantifier; null, and nothing read, if there is none: a `{` that is not one is itself. */
function readQuantifier(reader: PatternReader): RepeatCount | null {
  const offset = reader.at;
  const bounds = readBounds(reader, offset);
  if (bounds === null) return null;
  if (reader.eat('+')) {
    throw reader.error(
      'possessive repeat is not supported',
      offset,
      'patterns match in linear time and never back-track; leave the last `+` out',
    );
  }
  const [min, max] = bounds;
  if (max < min) throw reader.error('the minimum of the repeat is above its maximum', offset);
  if (min > MAX_REPEAT || (max !== Number.POSITIVE_INFINITY && max > MAX_REPEAT)) {
    throw reader.error(`a repeat count is above ${MAX_REPEAT}`, offset, 'use `*` or `+`');
  }
  return { min, max, greedy: !reader.eat('?') };
}

function readBounds(reader: PatternReader, offset: number): readonly [number, number] | null {
  if (reader.eat('*')) return [0, Number.POSITIVE_INFINITY];
  if (reader.eat('+')) return [1, Number.POSITIVE_INFINITY];
  if (reader.eat('?')) return [0, 1];
  if (!reader.eat('{')) return null;
  const low = reader.take(/^[0-9]$/, Number.POSITIVE_INFINITY);
  const comma = reader.eat(',');
  const high = comma ? reader.take(/^[0-9]$/, Number.POSITIVE_INFINITY) : low;
  if ((low === '' && !comma) || !reader.eat('}')) {
    reader.at = offset;
    return null;
  }
  return [low === '' ? 0 : Number(low), high === '' ? Number.POSITIVE_INFINITY : Number(high)];
}
