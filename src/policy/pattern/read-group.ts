import type { PatternReader } from './pattern-reader.ts';
import { readFlags } from './read-flags.ts';
import type { SyntaxNode } from './syntax-tree.ts';

/** Deepest nesting of groups. */
export const MAX_GROUP_DEPTH = 100;

const LINEAR = 'patterns match in linear time; write two rules, or put the check in a policy condition';

const REFUSED: readonly (readonly [string, string, string])[] = Object.freeze([
  ['(?=', 'look-ahead', LINEAR],
  ['(?!', 'negative look-ahead', LINEAR],
  ['(?<=', 'look-behind', LINEAR],
  ['(?<!', 'negative look-behind', LINEAR],
  ['(?>', 'atomic group', 'patterns match in linear time and never back-track; write `(?:`'],
  [
    '(?P=',
    'back-reference',
    'patterns match in linear time; spell out the repeated text, or compare in a policy condition',
  ],
  ['(?(', 'conditional group', 'patterns match in linear time; write both cases with `|`'],
] as const);

/**
 * Reads what begins with the `(` at the cursor, to its `)`. Answers null for a comment and for global flags,
 * which match nothing and may not be repeated. `atStart`: nothing came before, so global flags may stand here.
 */
export function readGroup(
  reader: PatternReader,
  atStart: boolean,
  readChoice: (reader: PatternReader) => SyntaxNode,
): SyntaxNode | null {
  const offset = reader.at;
  for (const [opening, what, hint] of REFUSED) {
    if (reader.eat(opening)) throw reader.error(`${what} \`${opening}\` is not supported`, offset, hint);
  }
  const outer = reader.flags;
  reader.at++;
  if (reader.eat('?#')) return readComment(reader, offset);
  if (reader.eat('?P<')) readName(reader, offset);
  else if (reader.eat('?') && !reader.eat(':')) {
    const inline = readFlags(reader, offset);
    if (!inline.scoped && !atStart) {
      throw reader.error(
        'global flags not at the start of the pattern',
        offset,
        'move them to the start, or write `(?i:…)`',
      );
    }
    reader.flags = inline.flags;
    if (!inline.scoped) return null;
  }
  return readBody(reader, offset, outer, readChoice);
}

function readBody(
  reader: PatternReader,
  offset: number,
  outer: PatternReader['flags'],
  readChoice: (reader: PatternReader) => SyntaxNode,
): SyntaxNode {
  reader.depth++;
  if (reader.depth > MAX_GROUP_DEPTH)
    throw reader.error(`groups are nested more than ${MAX_GROUP_DEPTH} deep`, offset);
  const body = readChoice(reader);
  reader.depth--;
  reader.flags = outer;
  if (!reader.eat(')'))
    throw reader.error('group without an end', offset, 'close it with `)`, or write `\\(` for a parenthesis');
  return body;
}

function readComment(reader: PatternReader, offset: number): null {
  const end = reader.source.indexOf(')', reader.at);
  if (end < 0) throw reader.error('comment without an end', offset, 'close it with `)`');
  reader.at = end + 1;
  return null;
}

function readName(reader: PatternReader, offset: number): void {
  const end = reader.source.indexOf('>', reader.at);
  const name = end < 0 ? '' : reader.source.slice(reader.at, end);
  reader.at = end < 0 ? reader.source.length : end + 1;
  if (!/^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(name)) {
    throw reader.error('bad group name', offset, 'write `(?P<name>…)` with letters, digits and `_`');
  }
  if (reader.groupNames.has(name)) throw reader.error(`the group name \`${name}\` is used twice`, offset);
  reader.groupNames.add(name);
}
