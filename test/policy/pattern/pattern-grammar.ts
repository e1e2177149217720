import fc from 'fast-check';

const LITERALS = [
  'a',
  'b',
  'c',
  'k',
  's',
  'A',
  'K',
  'é',
  'ß',
  'ı',
  '😀',
  '1',
  '_',
  ' ',
  '-',
  '/',
  '\\.',
  '\\n',
  '\\t',
  '\\x61',
  '\\u00e9',
  '\\U0001f600',
  '\\141',
  '\\0',
  ']',
  '}',
  '{',
  '\\\\',
  '\\-',
  '٣',
];
const CLASSES = [
  '.',
  '\\w',
  '\\d',
  '\\s',
  '\\W',
  '\\D',
  '\\S',
  '[]a]',
  '[^]a]',
  '[a-c]',
  '[^a\\n]',
  '[\\w.-]',
  '[^\\W_]',
  '[^\\W\\d_]',
  '[\\b]',
  '[[:alpha:]]',
  '[[]',
  '[a-]',
  '[-a]',
  '[^\\s/]',
  '[\\Wa]',
  '[A-Za-z0-9]',
  '[^\\Da]',
  '[é-ü]',
  '[k]',
  '[😀-😂]',
  '[a&&b]',
];
const ASSERTIONS = ['^', '$', '\\A', '\\Z', '\\b', '\\B'];
const QUANTIFIERS = ['*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{,2}', '{1,}', '{0}', '{1,3}?', '{,}'];

/** Patterns of the syntax that is supported, most of them valid. */
export const patterns: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: body(3) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom('(?i)', '(?s)', '(?m)', '(?x)', '(?a)', '(?is)', '(?ia)', '(?u)'), body(3))
      .map((parts) => parts.join('')),
  },
  { weight: 2, arbitrary: chainLike() },
);

/** Texts over the characters that the patterns are about. */
export const texts: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'c',
      'k',
      's',
      'A',
      'B',
      'K',
      'S',
      'K',
      'ſ',
      'é',
      'É',
      'ß',
      'ẞ',
      'ı',
      'İ',
      'i',
      '😀',
      '1',
      '٣',
      '_',
      ' ',
      '-',
      '/',
      '.',
      '\n',
      '\t',
      ']',
      '\u00a0',
      '\u0345',
      'ι',
    ),
    { maxLength: 12 },
  )
  .chain((chars) => fc.constantFrom(chars.join(''), `${chars.join('')}\n`));

/** Any mixture of pieces of syntax, mostly not valid. */
export const garbled: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      ...LITERALS,
      ...CLASSES,
      ...ASSERTIONS,
      ...QUANTIFIERS,
      '(',
      ')',
      '[',
      ']',
      '|',
      '\\',
      '(?:',
      '(?P<n>',
      '(?i',
      '(?i:',
      '(?-i:',
      '(?#',
      '{',
      ',',
      '^',
      '-',
      '#',
      'z-a',
      '\\q',
      '\\8',
      '(?x)',
      '(?i-i:',
      '(?au)',
      '(?L)',
    ),
    { maxLength: 7 },
  )
  .map((parts) => parts.join(''));

function body(depth: number): fc.Arbitrary<string> {
  const leaf = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...LITERALS) },
    { weight: 4, arbitrary: fc.constantFrom(...CLASSES) },
  );
  const atom =
    depth === 0 ? leaf : fc.oneof({ weight: 6, arbitrary: leaf }, { weight: 2, arbitrary: group(depth - 1) });
  const item = fc.oneof(
    { weight: 6, arbitrary: atom },
    { weight: 3, arbitrary: fc.tuple(atom, fc.constantFrom(...QUANTIFIERS)).map((parts) => parts.join('')) },
    { weight: 1, arbitrary: fc.constantFrom(...ASSERTIONS) },
    { weight: 1, arbitrary: fc.constantFrom('(?#note)', '') },
  );
  const sequence = fc.array(item, { maxLength: 4 }).map((parts) => parts.join(''));
  return fc.oneof(
    { weight: 4, arbitrary: sequence },
    { weight: 1, arbitrary: fc.tuple(sequence, sequence).map((parts) => parts.join('|')) },
  );
}

function group(depth: number): fc.Arbitrary<string> {
  const opening = fc.constantFrom(
    '(',
    '(?:',
    '(?i:',
    '(?s:',
    '(?m:',
    '(?x:',
    '(?-i:',
    '(?a:',
    '(?u:',
    '(?s-i:',
  );
  return fc.tuple(opening, body(depth)).map(([open, inner]) => `${open}${inner})`);
}

/** Literals with gaps between them, often anchored: what most rules look like. */
export function chainLike(): fc.Arbitrary<string> {
  const literal = fc.constantFrom(
    'a',
    'b',
    'ab',
    'k',
    'é',
    'a/b',
    '😀',
    's',
    '(?:a|bc)',
    'a?b',
    '\\n',
    '[kK]',
    '(?i:k)',
    '(?i:as)',
  );
  const gap = fc.constantFrom(
    '.*',
    '.+',
    '',
    '\\s*',
    '\\w+',
    '.{1,3}',
    '[^/]*',
    '(?s:.*)',
    '.{0,2}?',
    '\\d*',
    '\\b',
    '\\b.*',
    '.*\\b',
    '\\s+\\b',
    '.',
    '[\\s\\S]{2}',
    'a*',
    '\\W',
  );
  return fc
    .tuple(
      fc.constantFrom('', '^', '\\A', '(?i)', '(?i)^'),
      fc.array(fc.tuple(gap, literal), { minLength: 1, maxLength: 4 }),
      gap,
      fc.constantFrom('', '$', '\\Z', '', ''),
    )
    .map(([start, parts, tail, end]) => start + parts.flat().join('') + tail + end);
}
