// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the lines are shell text.
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readArgv, readShell } from '../../../src/policy/spellings/shell.ts';

const SAFE_WORD = fc.string({
  unit: fc.constantFrom('a', 'b', 'r', 'm', '/', '.', '-', '_', '1'),
  minLength: 1,
});
const COMMAND = fc.constantFrom(
  'rm',
  'git push',
  'curl',
  'chmod',
  'tar',
  'kill',
  'ls',
  'foo',
  'docker run',
  'sudo',
);
const OPTION = fc.constantFrom(
  '-r',
  '-f',
  '-rf',
  '--force',
  '--recursive',
  '-X',
  '-o',
  '-n',
  '--',
  '-9',
  '-x',
  '+a',
);
const LINE = fc
  .tuple(COMMAND, fc.array(fc.oneof(SAFE_WORD, OPTION), { maxLength: 6 }))
  .map(([command, words]) => [command, ...words].join(' '));

/** Each character of a word in one of the ways in which a shell lets it be quoted. */
function quoted(word: string, ways: readonly number[]): string {
  return [...word]
    .map((char, index) => {
      const way = (ways[index % Math.max(1, ways.length)] ?? 0) % 6;
      const code = char.charCodeAt(0);
      if (way === 1) return `\\${char}`;
      if (way === 2) return `'${char}'`;
      if (way === 3) return `"${char}"`;
      if (way === 4) return `$'\\x${code.toString(16)}'`;
      return way === 5 ? `''${char}""` : char;
    })
    .join('');
}

describe('any line', () => {
  test('has forms that read as themselves', () => {
    fc.assert(
      fc.property(LINE, (line) => {
        const [command] = readShell(line).commands;
        expect(readShell(command?.form ?? '').commands[0]?.form).toBe(command?.form);
      }),
    );
  });

  test('has the same forms however its words are quoted', () => {
    const ways = fc.array(fc.nat(5), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(LINE, ways, (line, how) => {
        const spelled = line
          .split(' ')
          .map((word) => quoted(word, how))
          .join(' ');
        expect(readShell(spelled).commands.map(({ form }) => form)).toEqual(
          readShell(line).commands.map(({ form }) => form),
        );
      }),
    );
  });

  test('is read without an exception', () => {
    const piece = fc.constantFrom(
      ...[
        '$(',
        ')',
        '`',
        '"',
        "'",
        '{',
        '}',
        ',',
        '..',
        '<<E',
        '\n',
        '<(',
        '${',
        ':-',
        '$',
        '\\',
        '|',
        '&',
        ';',
        '#',
      ],
      ...[
        '((',
        '))',
        '[[',
        ']]',
        '=',
        'x=',
        'if ',
        'then ',
        'case ',
        'in ',
        'for ',
        'do ',
        'sh -c ',
        'eval ',
        'rm -',
        ' ',
      ],
      ...[
        '\0',
        '\ud800',
        'é',
        '*',
        '~',
        '>',
        '<',
        '2>&',
        '!',
        'find -exec ',
        'xargs ',
        'echo ',
        '$IFS',
        '@',
        '%s',
        'tar ',
      ],
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 40 }).map((parts) => parts.join('')),
        ),
        (text) => {
          expect(readShell(text)).toEqual(readShell(text));
          readArgv(text.split(' '));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a hostile line', () => {
  test.each([
    ...[
      '$(',
      '"$(',
      '`',
      '${a:-',
      '$((',
      '<(',
      '(',
      '{ ',
      'if ',
      '[[ ( ',
      'a=(',
      '"',
      "'",
      '\\',
      ';',
      'a;',
      'a|',
      'sudo ',
    ],
    ...[
      '{a,b}',
      'a{b,c}{d,e}{f,g} ',
      '{1..9}',
      'cat <<A\n',
      'cat <<A<<A',
      'x=1;$x$x ',
      'a=$a$a;',
      'sh -c "',
      'eval ',
      '>a ',
    ],
    ...['rm -', '\\x41', 'QUJD', 'echo a|sh;', '$IFS', 'awk "print ', '%s', 'cd a;'],
  ])('of %j again and again is unreadable, soon', (piece) => {
    const line = piece.repeat(Math.ceil(65_536 / piece.length));
    const started = performance.now();
    const reading = readShell(line);
    // Far above what it takes, for a machine that does other things too.
    expect(performance.now() - started).toBeLessThan(1000);
    expect(reading.unreadable).not.toBeNull();
  });

  test('keeps what was read before the limit', () => {
    expect(readShell(`rm x; ${'a '.repeat(40_000)}`).commands[0]?.name).toBe('rm');
    expect(readShell(`rm x; ${'a; '.repeat(5_000)}`).commands.map(({ name }) => name)).toContain('rm');
    expect(readShell('rm x\0; ls').commands.map(({ name }) => name)).toEqual(['rm']);
  });
});

const hasBash = spawnSync('bash', ['-c', 'exit']).status === 0;

test.skipIf(!hasBash)('the words of a command are those that bash gives it', () => {
  const piece = fc.constantFrom(
    ...[
      'a',
      'b/',
      '"c d"',
      "'e f'",
      '\\ ',
      "$'\\x41\\n'",
      '{g,h}',
      '{1..3}',
      '"$x"',
      '${x}',
      '*z?',
      '""',
      "''",
      '#',
      '=',
    ],
    ...[
      '{',
      '}',
      ',',
      '"{a,b}"',
      '\\{a,b}',
      '$"q"',
      "$'\\u0041'",
      'a{b,{c,d}}',
      '[ab]',
      '"\\$x"',
      '"a\\b"',
      '{a..e..2}',
    ],
    ...['{,z}', '\\\n', '"$IFS"', '${IFS}k', '${x}{i,j}', "'{'", '\\}'],
  );
  const word = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));
  const lines = fc
    .sample(fc.array(word, { minLength: 1, maxLength: 3 }), 300)
    .map((words) => `x="v  w"; printf '%s\\0' ${words.join(' ')}`);
  const script = lines.map((line) => `${line}\nprintf '\\n\\n\\0'`).join('\n');
  const printed = spawnSync('bash', ['-c', `set -f\n${script}`], { encoding: 'utf8' }).stdout;
  const expected = printed.split('\n\n\0').slice(0, -1);
  expect(expected).toHaveLength(lines.length);
  for (const [index, line] of lines.entries()) {
    const args =
      readShell(line)
        .commands.find(({ name }) => name === 'printf')
        ?.args.slice(1) ?? [];
    // Without a word, printf prints its format once.
    expect([line, args.length === 0 ? [''] : args]).toEqual([
      line,
      (expected[index] ?? '').split('\0').slice(0, -1),
    ]);
  }
});
