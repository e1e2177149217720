import type { PatternFlags, PatternReader } from './pattern-reader.ts';

const LETTERS: ReadonlyMap<string, keyof PatternFlags | 'unicode'> = new Map([
  ['i', 'ignoreCase'],
  ['s', 'dotAll'],
  ['m', 'multiline'],
  ['x', 'verbose'],
  ['a', 'ascii'],
  ['u', 'unicode'],
]);

/** Flags read from `(?i)` (`scoped` false, the `)` is read) or `(?i:` (`scoped` true, the `:` is read). */
export interface InlineFlags {
  readonly flags: PatternFlags;
  readonly scoped: boolean;
}

/** Reads inline flags, the cursor being after `(?`; `offset` is that of the `(`. */
export function readFlags(reader: PatternReader, offset: number): InlineFlags {
  const on = readLetters(reader, offset);
  if (on.has('ascii') && on.has('unicode'))
    throw reader.error('the flags `a` and `u` exclude each other', offset);
  const off = reader.eat('-') ? readLetters(reader, offset) : new Set<string>();
  if (off.has('ascii') || off.has('unicode'))
    throw reader.error('the flags `a` and `u` cannot be turned off', offset);
  for (const flag of off) if (on.has(flag)) throw reader.error('a flag is turned both on and off', offset);
  const negative = reader.source[reader.at - 1] === '-' || off.size > 0;
  if (negative && off.size === 0) throw reader.error('flag expected after `-`', offset);
  const scoped = reader.eat(':');
  if (!scoped && (negative || !reader.eat(')'))) {
    reader.next();
    throw reader.error('unknown inline flag', offset, 'the flags are `i`, `s`, `m`, `x`, `a` and `u`');
  }
  const { flags } = reader;
  const value = (flag: keyof PatternFlags): boolean => on.has(flag) || (flags[flag] && !off.has(flag));
  return {
    scoped,
    flags: {
      ignoreCase: value('ignoreCase'),
      dotAll: value('dotAll'),
      multiline: value('multiline'),
      verbose: value('verbose'),
      ascii: on.has('ascii') || (flags.ascii && !on.has('unicode')),
    },
  };
}

function readLetters(reader: PatternReader, offset: number): Set<string> {
  const letters = new Set<string>();
  for (const letter of reader.take(/^[A-Za-z]$/, 64)) {
    const flag = LETTERS.get(letter);
    if (letter === 'L') throw reader.error('the flag `L` is for byte patterns', offset, 'leave it out');
    if (flag === undefined) {
      throw reader.error(
        `unknown flag \`${letter}\``,
        offset,
        'the flags are `i`, `s`, `m`, `x`, `a` and `u`',
      );
    }
    letters.add(flag);
  }
  return letters;
}
