import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/core/canonical.ts';
import { privateCopy } from '../../src/core/private-copy.ts';
import { makeRedactor } from '../../src/core/redact.ts';
import { compileRedactionPatterns } from '../../src/policy/redaction-patterns.ts';
import { soakFactor } from '../seed.ts';

const redactor = makeRedactor({ keys: ['customer id'], patterns: compileRedactionPatterns(['ACME-\\d+']) });

/** Nothing that a text could hold by chance, and nothing that the mark holds. */
const canary = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(...'ABXYZ0189'), minLength: 7, maxLength: 30 }),
    fc.string({ unit: fc.constantFrom(...'QW!@#$%^&*()_+-=/"\'<>?:;,. é€😀\\\n'), maxLength: 20 }),
  )
  .map(([start, end]) => `${start}${end}Z`);

const sensitiveKey = fc.constantFrom(
  ...[
    'password',
    'dbPassword',
    'user_password',
    'x-api-key',
    'API_KEY',
    'Authorization',
    'clientSecret',
    'pin',
  ],
  ...[
    'private_key',
    'accessToken',
    'Set-Cookie',
    'credentials',
    'connection_string',
    'otp',
    'ssn',
    'customerId',
  ],
);

/** A value with a canary somewhere in it. */
const nested = (value: fc.Arbitrary<string>): fc.Arbitrary<unknown> =>
  fc.letrec((tie) => ({
    value: fc.oneof(value, tie('list'), tie('record')),
    list: fc.tuple(fc.jsonValue({ maxDepth: 1 }), tie('value')).map((items) => items),
    record: fc.tuple(fc.string({ maxLength: 5 }), tie('value')).map(([key, item]) => ({ [key]: item })),
  })).value;

/** Parameters with the canary under a sensitive name, at any depth. */
const parametersWith = (secret: string): fc.Arbitrary<unknown> =>
  fc
    .tuple(
      sensitiveKey,
      nested(fc.constant(secret)),
      fc.array(fc.constantFrom('a', 'options', '0', 'list'), { maxLength: 4 }),
    )
    .map(([key, value, path]) =>
      path.reduce<unknown>((inner, name) => (name === 'list' ? [1, inner] : { [name]: inner, other: 'x' }), {
        [key]: value,
        other: 'y',
      }),
    );

const spellings: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => JSON.stringify(secret).slice(1, -1),
  (secret) => encodeURIComponent(secret),
  (secret) => Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  (secret) => Buffer.from(secret).toString('base64url'),
  (secret) => Buffer.from(secret).toString('hex'),
];

const secretAction = canary.chain((secret) =>
  fc.record({
    secret: fc.constant(secret),
    parameters: parametersWith(secret),
    before: fc.string(),
    after: fc.string(),
  }),
);

/** Texts that are made of what the searches look for. */
const pieces = fc
  .array(
    fc.constantFrom(
      ...[
        'password',
        'token',
        'api_key',
        'Authorization',
        'Cookie',
        'pin',
        'customer id',
        'value',
        'name',
        'login ',
      ],
      ...[
        '=',
        ':',
        ' ',
        '\n',
        '"',
        "'",
        '`',
        '\\',
        '\\"',
        '{',
        '}',
        '[',
        ']',
        '(',
        ')',
        ',',
        ';',
        '&',
        '|',
        '<',
        '>',
      ],
      ...[
        '--token',
        '-p',
        '--password ',
        'mysql ',
        'curl -u ',
        'Bearer ',
        'Basic ',
        'ACME-12',
        'hunter2',
        'x',
        'must',
      ],
      ...[
        '4111 1111 1111 1111',
        '4111',
        '1111',
        '123-45-6789',
        'DE89 3704 0044 0532 0130 00',
        '1',
        '9',
        '\u200b',
      ],
      ...[
        'sk-proj-abcdEFGH1234567890abcd',
        'eyJhbGciOiJIUzI1NiJ9',
        '.eyJzdWIiOiIxIn0',
        '.abc',
        'é',
        '：',
        '😀',
      ],
      ...[
        '-----BEGIN PRIVATE KEY-----',
        '-----END PRIVATE KEY-----',
        '://',
        '@',
        '/',
        '?',
        '|\n  ',
        '</password>',
      ],
      ...['<password>', '[redacted]', 'redacted', '[redac'],
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

describe('a secret of an action', () => {
  it('is left in nothing that is stored of it', () => {
    fc.assert(
      fc.property(secretAction, fc.nat(400), ({ secret, parameters, before, after }, keep) => {
        const redaction = redactor.forAction(privateCopy(parameters).value);
        const canonical = canonicalJson(parameters);
        for (const spell of spellings) {
          const spelled = spell(secret);
          const text = `${before}${spelled}${after}`;
          const out = [
            redaction.text(text),
            redaction.beginning(text, keep),
            redaction.beginning(canonical, keep),
            redaction.text(canonical),
            ...strings(redaction.value({ result: [text], [text]: text })),
            ...strings(redaction.value(JSON.parse(canonical))),
          ];
          for (const one of out) expect(one).not.toContain(spelled);
        }
      }),
    );
  });

  it('is left in nothing, where a text gives it away', () => {
    const written = fc.constantFrom(
      ...['password=*', 'login --token * now', '{"api_key": "*"}', "-H 'X-Api-Key: *'", 'https://u:*@h/'],
      ...['PGPASSWORD=* psql', 'my PIN: *', 'mysql -p* x', "IDENTIFIED BY '*'", '<password>*</password>'],
    );
    const secret = fc
      .string({ unit: fc.constantFrom(...'ABXYZ0189qw_-'), minLength: 8, maxLength: 30 })
      .map((one) => `Z${one}Z`);
    fc.assert(
      fc.property(secret, written, fc.string(), (one, pattern, around) => {
        const redaction = redactor.forAction({ command: pattern.replace('*', one) });
        for (const spell of spellings) {
          expect(redaction.text(`${around} ${spell(one)} ${around}`)).not.toContain(spell(one));
        }
        expect(redactor.forAction({}).text(pattern.replace('*', one))).not.toContain(one);
      }),
    );
  });
});

describe('redaction', () => {
  const redaction = redactor.forAction({
    password: 'hunter2',
    pin: 1,
    list: [{ secret: ']abc' }, { token: 'red' }],
  });

  it('done again changes nothing', () => {
    fc.assert(
      fc.property(fc.oneof(pieces, fc.string({ unit: 'binary' })), (text) => {
        const once = redaction.text(text);
        expect(redaction.text(once)).toBe(once);
        const value = redaction.value({ [text]: [text, { text }] });
        expect(redaction.value(value)).toEqual(value);
      }),
      { numRuns: 500 * soakFactor },
    );
  });

  it('of a beginning is the beginning of the redaction', () => {
    fc.assert(
      fc.property(pieces, fc.nat(200), (text, keep) => {
        const shown = redaction.beginning(text, keep);
        expect(shown.length).toBeLessThanOrEqual(keep);
        expect(redaction.text(text).startsWith(shown)).toBe(true);
      }),
      { numRuns: 500 * soakFactor },
    );
  });

  it('keeps the shape of harmless data', () => {
    const word = fc.constantFrom(
      'report',
      'path',
      '/tmp/a.txt',
      'résumé',
      'the author',
      'max_tokens',
      '$a',
      '',
    );
    const harmless = fc.letrec((tie) => ({
      value: fc.oneof(word, fc.boolean(), fc.constant(null), fc.integer(), tie('list'), tie('record')),
      list: fc.array(tie('value'), { maxLength: 4 }),
      record: fc.dictionary(word, tie('value'), { maxKeys: 4 }),
    })).value;
    fc.assert(
      fc.property(harmless, (data) => {
        const plain = JSON.parse(JSON.stringify(data));
        expect(redactor.forAction(plain).value(plain)).toEqual(plain);
      }),
    );
  });

  it('takes any JSON and any text', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ depthSize: 'large', stringUnit: 'binary' }),
        fc.string({ unit: 'binary' }),
        (data, text) => {
          const plain = JSON.parse(JSON.stringify(data));
          const own = redactor.forAction(plain);
          expect(() => JSON.stringify(own.value(plain))).not.toThrow();
          expect(typeof own.text(text)).toBe('string');
          expect(typeof own.beginning(text, 3)).toBe('string');
        },
      ),
    );
  });
});

/** Every text in a value, keys too. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [key, ...strings(item)]);
}
