import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/core/canonical.ts';
import { privateCopy } from '../../../src/core/private-copy.ts';
import { makeRedactor } from '../../../src/core/redact.ts';
import { compileRedactionPatterns } from '../../../src/policy/redaction-patterns.ts';
import { soakFactor } from '../../seed.ts';

const plain = makeRedactor({ keys: [], patterns: [] });
const configured = makeRedactor({ keys: ['customer id'], patterns: compileRedactionPatterns(['ACME-\\d+']) });

const name = fc.constantFrom(
  ...['path', 'text', 'value', 'v', 'keys', 'name', 'selector', 'label', 'key', 'type', 'PWD', '__proto__'],
  ...['password', 'tokens', 'customerId', '$map', '$bytes', '$undefined', 'a: ACME-12', 'login', 'toJSON'],
);
const text = fc.constantFrom(
  ...['', 'a', 'notes.txt', 'reports/2031/page-1.csv', '#password', 'DB_PASSWORD', '/home/me', '[redacted]'],
  ...['--password', 'hunter2', 'ACME-77', 'password is hunter2', '{"password":"hunter2"}', ' [["otp", 4]]'],
  ...['https://me:hunter2@x.test', '4111 1111 1111 1111', 'login me password hunter2', '\ud800"\n'],
);
const leaf = fc.oneof(
  text,
  fc.constantFrom(0, -0, 5, 1.5, 4111111111111111, Number.NaN, true, null, undefined, 7n),
  fc.constantFrom(new Date(0), new Map([['password', 'hunter2']]), new Uint8Array([1])),
);
const data = fc.letrec((tie) => ({
  value: fc.oneof({ withCrossShrink: true }, leaf, leaf, tie('list'), tie('record')),
  list: fc.array(tie('value'), { maxLength: 3 }),
  record: fc.dictionary(name, tie('value'), { maxKeys: 4 }),
}));

describe('parameters of which a quick look tells that they hide nothing', () => {
  it.each([
    ['by the built-in rules', plain],
    ['by the rules of a configuration', configured],
  ])('are those that redaction leaves as they are, %s', (_, redactor) => {
    let quiet = 0;
    fc.assert(
      fc.property(data.record, (given) => {
        const parameters = privateCopy(given).value;
        if (redactor.forQuietAction(parameters) === null) return;
        quiet++;
        const canonical = canonicalJson(parameters);
        const closely = redactor.forAction(JSON.parse(canonical));
        expect(closely.value(JSON.parse(canonical))).toEqual(parameters);
        expect(canonicalJson(closely.value(JSON.parse(canonical)))).toBe(canonical);
        expect(closely.text('hunter2 ACME 12 5 true')).toBe('hunter2 ACME 12 5 true');
      }),
      { numRuns: 3000 * soakFactor },
    );
    expect(quiet).toBeGreaterThan(100);
  });

  it('are most parameters that there are', () => {
    const ordinary = { path: 'src/app.ts', limit: 20, deep: { flags: [true, null], text: 'Hello there' } };
    expect(plain.forQuietAction(ordinary)).not.toBeNull();
  });

  it.each([
    [{ password: 'x' }],
    [{ deep: { apiKey: 'x' } }],
    [{ note: 'the password is hunter2' }],
    [{ note: '{"password":"hunter2"}' }],
    [{ name: 'DB_PASSWORD', value: 'hunter2' }],
    [{ selector: '#password', text: 'hunter2' }],
    [{ argv: ['mysql', '-phunter2'] }],
    [{ entries: [['password', 'hunter2']] }],
    [{ card: 4111111111111111 }],
    [{ $date: 'x' }],
    [{ at: new Date(0) }],
    [{ none: undefined }],
    [Object.assign(Object.create(null), { ghp_0123456789abcdefghijABCDEFGHIJ456789: 1 })],
  ])('are not %j', (parameters) => {
    expect(plain.forQuietAction(parameters)).toBeNull();
  });

  it('are no numbers where there are patterns, which may find them', () => {
    expect(configured.forQuietAction({ count: 5 })).toBeNull();
    expect(configured.forQuietAction({ count: 'five' })).not.toBeNull();
  });
});
