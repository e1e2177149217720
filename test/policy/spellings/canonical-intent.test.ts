import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileFacts } from '../../../src/core/file-facts.ts';
import { IntentArguments } from '../../../src/core/intent-arguments.ts';
import { canonicalIntent } from '../../../src/policy/spellings/canonical-intent.ts';
import { LINUX, MAC } from './file-systems.ts';

function spelled(parameters: Readonly<Record<string, unknown>>, files: FileFacts = LINUX): string {
  return canonicalIntent(parameters, new IntentArguments(parameters).list, { files, parseSql: null });
}

type Parameters = Readonly<Record<string, unknown>>;

describe('one intent', () => {
  const SAME: readonly (readonly [what: string, ...spellings: Parameters[]])[] = [
    [
      'paths',
      ...['/etc/passwd', '/tmp/../etc/passwd', '//etc/./passwd', '/etc/passwd/', '/tmp/etc/passwd'].map(
        (path) => ({ path }),
      ),
    ],
    ['paths in the working directory', { path: 'a/b' }, { path: './a/b' }, { path: '/w/a/../a/b' }],
    ['paths in the home', { path: '~/.ssh/id' }, { path: '/home/u/.ssh/id' }, { path: '~/x/../.ssh/id' }],
    ['keys that are paths', { roles: { '/etc/passwd': 'root' } }, { roles: { '/etc//passwd': 'root' } }],
    [
      'URLs',
      ...[
        'https://evil.example',
        'HTTPS://EVIL.example/',
        'https://me:pw@evil.example:443/',
        'https://evil.example./',
      ].map((url) => ({ url })),
    ],
    ['URLs with escapes', { url: 'http://a.b/%61%2fc' }, { url: 'http://a.b/a%2Fc' }],
    ['URLs with numbers for hosts', { url: 'http://127.0.0.1/x' }, { url: 'http://0x7f000001/x' }],
    [
      'commands',
      ...[
        'rm -rf /x',
        'rm -r -f /x',
        'rm -fr  /x',
        'rm --force --recursive /x',
        '\\rm -rf "/x"',
        "r''m -rf /x # 2",
        '/bin/rm -rf /x',
        '/usr/bin/../../bin/rm -rf /x',
        'rm -rf /tmp/../x',
        'rm -rf /x/',
      ].map((command) => ({ command })),
    ],
    ['commands on names', { command: 'rm build' }, { command: 'rm ./build' }, { command: 'rm /w/build' }],
    ['settings', { command: 'dd if=/a/../b of=/dev/sda' }, { command: 'dd if=/b  of=/dev//sda' }],
    ['argv', { command: ['rm', '-rf', '/x'] }, { command: ['/bin/rm', '-r', '-f', '/tmp/../x'] }],
    [
      'a program and its words',
      { command: 'rm', args: ['-rf', '/x'] },
      { command: 'rm', args: ['-r', '-f', '/x'] },
    ],
    ['a line with more commands', { command: 'cd /tmp/.;/bin/ls|  wc' }, { command: 'cd /tmp\nls | wc' }],
    [
      'statements',
      ...['DROP TABLE users', 'drop  table USERS;', 'Drop/* x */Table "users" -- y'].map((sql) => ({ sql })),
    ],
    ['texts', { to: 'pay  rent' }, { to: ' pay\nrent' }, { to: 'ｐay rent' }, { to: 'p\u200bay r\u0435nt' }],
    ['keys in another order', { to: 'a', amount: 5 }, { amount: 5, to: 'a' }],
    ['zero', { amount: 0 }, { amount: -0 }],
  ];
  it.each(SAME)('is the same in all spellings: %s', (_what, first, ...others) => {
    for (const other of others) expect(spelled(other as Parameters)).toBe(spelled(first as Parameters));
  });

  it('is the same in another case where the file system folds it', () => {
    expect(spelled({ path: '/ETC/passwd' }, MAC)).toBe(spelled({ path: '/private/etc/passwd' }, MAC));
    expect(spelled({ path: '/ETC/passwd' })).not.toBe(spelled({ path: '/etc/passwd' }));
  });
});

describe('another intent', () => {
  const OTHER: readonly (readonly [what: string, one: Parameters, other: Parameters])[] = [
    ['another path', { path: '/etc/passwd' }, { path: '/etc/shadow' }],
    ['another number', { to: 'a', amount: 5 }, { to: 'a', amount: 50 }],
    ['a text for a number', { amount: 5 }, { amount: '5' }],
    ['an empty text for nothing', { to: '' }, { to: null }],
    ['one more argument', { path: '/x' }, { path: '/x', force: true }],
    ['another parameter', { from: { account: 'a' } }, { to: { account: 'a' } }],
    ['texts that changed places', { a: 'x', b: 'y' }, { a: 'y', b: 'x' }],
    ['numbers that changed places', { a: { n: 1 }, b: { n: 2 } }, { a: { n: 2 }, b: { n: 1 } }],
    ['paths in another order', { paths: ['/a', '/b'] }, { paths: ['/b', '/a'] }],
    ['another text', { content: 'never rm' }, { content: 'rm' }],
    ['a text in another case', { to: 'Ann' }, { to: 'ann' }],
    [
      'a string of SQL in another case',
      { sql: "delete from t where n = 'A'" },
      { sql: "delete from t where n = 'a'" },
    ],
    ['another operator', { command: 'a && b' }, { command: 'a || b' }],
    ['one option less', { command: 'rm -rf /x' }, { command: 'rm -r /x' }],
    ['a program elsewhere', { command: 'rm -rf /x' }, { command: '/home/u/bin/rm -rf /x' }],
    ['a program as an operand', { command: 'rm /bin/ls' }, { command: 'rm ls' }],
    ['another here-document', { command: 'cat > f <<E\na\nE' }, { command: 'cat > f <<E\nb\nE' }],
    ['what cannot be read', { command: 'rm "a' }, { command: 'rm "b' }],
    ['another value that is only known later', { command: 'rm $A/../x' }, { command: 'rm $B/../x' }],
    [
      'another word that is none of a command',
      { command: 'rm', args: ['/x'], note: 'r' },
      { command: 'rm', args: ['/x'], note: 'rm' },
    ],
    ['another host', { url: 'https://a.example/x' }, { url: 'https://b.example/x' }],
  ];
  it.each(OTHER)('is another: %s', (_what, one, other) => {
    expect(spelled(one)).not.toBe(spelled(other));
  });

  it('is told apart however long it is', () => {
    const long = 'x'.repeat(300_000);
    expect(spelled({ path: `/${long}1` })).not.toBe(spelled({ path: `/${long}2` }));
    const many = Array.from({ length: 300 }, (_, i) => `/a/${i}`);
    expect(spelled({ paths: many })).not.toBe(spelled({ paths: [...many.slice(0, -1), '/b'] }));
  });
});

/** Each undoes what a canonical spelling settles; at the place that `at` chooses. */
type Respell = (text: string, at: number) => string;

const atSlash =
  (between: string): Respell =>
  (text, at) => {
    const slashes = [...text.matchAll(/\//g)].map(({ index }) => index);
    const slash = slashes[at % (slashes.length || 1)];
    return slash === undefined ? text : text.slice(0, slash) + between + text.slice(slash + 1);
  };
const letters =
  (change: (letter: string) => string): Respell =>
  (text, at) =>
    [...text]
      .map((letter, i) => (i % 3 === at % 3 && /[a-z]/i.test(letter) ? change(letter) : letter))
      .join('');
const spaces =
  (gap: string): Respell =>
  (text) =>
    text.replaceAll(' ', gap);
const fullWidth = (letter: string): string => String.fromCharCode(letter.charCodeAt(0) + 0xfee0);
const unescapedOne = (given: string): string => String.fromCharCode(Number.parseInt(given.slice(1), 16));
const escaped = (letter: string): string => `%${letter.charCodeAt(0).toString(16)}`;

const name = fc.constantFrom('a', 'bc', 'etc', 'passwd', 'x1');
const path = fc
  .tuple(fc.constantFrom('/', '/tmp/', '/w/', '/home/u/'), fc.array(name, { minLength: 1, maxLength: 4 }))
  .map(([start, parts]) => start + parts.join('/'));
const ways = (...all: readonly Respell[]) =>
  fc.array(fc.tuple(fc.constantFrom(...all), fc.nat()), { maxLength: 4 });
const through = (text: string, how: readonly (readonly [Respell, number])[]): string =>
  how.reduce((so, [respell, at]) => respell(so, at), text);

const KINDS = [
  {
    parameter: 'path',
    text: path,
    how: ways(atSlash('//'), atSlash('/./'), atSlash('/nowhere/../'), (text) => `${text}/`),
  },
  {
    parameter: 'url',
    text: path.map((rest) => `https://a.example${rest}`),
    how: ways(
      // Only the path: a host is no place for escapes.
      (text, at) =>
        text.replace(/[^/]*$/, (last) => letters(escaped)(last.replace(/%../g, unescapedOne), at)),
      (text) => text.replace('https://a.example', 'HTTPS://A.Example.:443'),
      (text) => text.replace('://', '://me@'),
      (text, at) => text.slice(0, 20) + atSlash('/x/../')(text.slice(20), at),
    ),
  },
  {
    parameter: 'command',
    text: fc.tuple(path, path).map(([one, two]) => `cp -r -f ${one} ${two}`),
    how: ways(
      letters((letter) => `'${letter}'`),
      spaces('  '),
      (text) => `${text} # again`,
      (text) => text.replace(' -r -f ', ' -fr '),
      (text) => text.replace(' -r -f ', ' --recursive --force '),
      (text) => text.replace(/^cp/, '/usr/bin/cp'),
    ),
  },
  {
    parameter: 'sql',
    text: fc.tuple(name, name).map(([table, column]) => `delete from ${table} where ${column} = 'It''s'`),
    how: ways(
      (text) => text.replace(/^[^']+/, (words) => words.toUpperCase()),
      (text) => text.replace(/^[^']+/, (words) => words.replaceAll(' ', ' /* x */ ')),
      (text) => `${text};`,
      (text) => `${text} -- again`,
    ),
  },
  {
    parameter: 'to',
    text: fc.array(name, { minLength: 1 }).map((words) => words.join(' ')),
    how: ways(
      letters(fullWidth),
      spaces('  '),
      spaces('\u00a0\n'),
      (text) => `${text} `,
      letters((one) => `${one}\u200b`),
    ),
  },
] as const;

describe('an intent that is re-spelled', () => {
  it.each(KINDS)(
    'by undoing what is canonical counts as the same: $parameter',
    ({ parameter, text, how }) => {
      fc.assert(
        fc.property(text, how, fc.integer(), (given, spelling, amount) => {
          const other = { amount, [parameter]: through(given, spelling) };
          expect(spelled(other)).toBe(spelled({ [parameter]: given, amount }));
        }),
      );
    },
  );

  it('of any text is compared without an exception', () => {
    const any = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('$(', '/..', "'", '\0', '~', '%', '<<E\n'),
    );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 8 }), fc.constantFrom(...KINDS), (parts, { parameter }) => {
        const parameters = { [parameter]: parts.join('') };
        expect(spelled(parameters)).toBe(spelled(parameters));
      }),
    );
  });

  it.each(KINDS)('is another one in another place: $parameter', ({ parameter, text }) => {
    fc.assert(
      fc.property(text, (given) => {
        expect(spelled({ [parameter]: `${given}z` })).not.toBe(spelled({ [parameter]: given }));
      }),
    );
  });
});
