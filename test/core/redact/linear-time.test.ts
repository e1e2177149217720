import { describe, expect, it, test } from 'vitest';
import { KnownSecrets } from '../../../src/core/redact/known-secrets.ts';
import { SensitiveKeys } from '../../../src/core/redact/sensitive-keys.ts';
import { findSecrets } from '../../../src/core/redact/value-patterns.ts';
import { VENDOR_TOKENS } from '../../../src/core/redact/vendor-tokens.ts';
import { makeRedactor } from '../../../src/core/redact.ts';
import { CountedText, isBoundedButForItsEnd } from './counted-text.ts';

const keys = new SensitiveKeys();

/** Pieces that, repeated, make a search begin everywhere and end nowhere. */
const PIECES = [
  'a',
  ' ',
  '=',
  ':',
  'password=',
  'password:',
  'token: ',
  '"password":',
  'password="',
  "password='a'",
  'password=\\"',
  'a "password=" ',
  'password="\n\'\\"',
  '\\',
  'password=\\\\',
  'password={',
  '{"token":[',
  '"',
  '\'"`',
  'password=a,b,c;d&',
  'token:\n',
  'token:\n \n',
  'password: |\n  ',
  '"value":',
  '"name":"password","value":',
  'Authorization: ',
  'Cookie: a=b; ',
  '--password ',
  '--token',
  '-',
  'mysql -p ',
  'docker login -p',
  'curl -u a',
  'sk-',
  'sk-sk_',
  'ghp_',
  'SG.',
  'SG.aaaaaaaaaaaaaaaa.',
  '1234567890:AA',
  'M.',
  'eyJ',
  'eyJ-',
  'eyJhbGciOiJIUzI1NiJ9-',
  'eyJ.eyJ.',
  'Bearer ',
  'Bearer a',
  'Basic aaaaaaaaaaaaaaaaaaaaaaa ',
  '-----BEGIN ',
  '-----END ',
  '-----END PRIVATE KEY-----',
  '-----BEGIN PRIVATE KEY',
  '-----BEGIN PRIVATE KEY-----\n-----END ',
  '://',
  '://a',
  '://a:',
  '://a:b/',
  '@://',
  '1',
  '1 ',
  '4111 ',
  '4111 1111 1111 1111 ',
  '1\u200b',
  '\u200b',
  'DE89',
  'DE89 ',
  '<password>',
  '<password ',
  '<a ',
  "password 'a",
  "password is '",
  'identified by ',
  'login a password ',
  'login ',
  'config ',
  'config set a ',
  'password is ',
  ' is password was 1',
  'token is aaaaaaaa ',
  '[redacted]',
  'é',
  '：',
];

const SIZE = 1_000_000;

describe('a hostile text of a million characters', () => {
  it.each(PIECES)('made of %j is read a bounded number of times', (piece) => {
    const counted = new CountedText(piece.repeat(Math.ceil(SIZE / piece.length)));
    findSecrets(counted as unknown as string, keys, () => undefined);
    expect(counted.read).toBeLessThan(100 * SIZE);
  });
});

describe('a hostile value of a million characters', () => {
  test.each([
    ['password=x', '\\'],
    ['password=', '\\'],
    ['password="', '\\'],
    ['password="', '\\"'],
    ['password=\\"', '"'],
    ["password='a'", "'"],
    ["password='a'", "b'"],
    ['password=x', ','],
    ['password=x', ',\\'],
    ['password=x', '<a'],
    ['password={', '{'],
    ['password={', "'"],
    ['password=f', "('"],
    ['password=x', 'a('],
    ['Authorization: ', 'a '],
    ['Cookie: a', '; a'],
    ['password: x', ' y'],
    ['password:', '\n'],
    ['password:\n', '\n  a'],
    ['<password>', 'a'],
    ['mysql -p', 'a'],
    ['curl -u "a:', 'a'],
    ['https://a:', 'b'],
    ['4111', '\u200b'],
    ['eyJ', 'a'],
    ['-----BEGIN PRIVATE KEY-----', 'a'],
  ])('%j and many of %j is read a bounded number of times', (beginning, piece) => {
    const counted = new CountedText(beginning + piece.repeat(Math.ceil(SIZE / piece.length)));
    findSecrets(counted as unknown as string, keys, () => undefined);
    expect(counted.read).toBeLessThan(30 * SIZE);
  });
});

describe('a hostile text', () => {
  it.each(PIECES)('made of %j hides no secret', (piece) => {
    const redaction = makeRedactor({ keys: [], patterns: [] }).forAction({ password: 'hunter2' });
    const out = redaction.text(`hunter2 ${piece.repeat(2000)} hunter2 ${piece.repeat(2000)}hunter2`);
    expect(out).not.toContain('hunter2');
    expect(redaction.text(out)).toBe(out);
  });
});

describe('the expressions that are run over whole texts', () => {
  const counted = new CountedText(
    'login a config set x was password=\'a\' is  --x a@b <a> Bearer abc "a" 123456789 aaaaaaaaaaaaaaaaaaaa -----BEGIN ',
  );
  findSecrets(counted as unknown as string, keys, () => undefined);

  it('are all seen here', () => {
    expect(counted.expressions.size).toBe(10);
  });

  it.each([...counted.expressions])(
    'read a bounded part at each place, and only what they take beyond: %s',
    (source) => {
      expect(isBoundedButForItsEnd(source)).toBe(true);
    },
  );

  it.each(VENDOR_TOKENS)('%s is bounded but for its end', (_issuer, expression) => {
    expect(isBoundedButForItsEnd(expression)).toBe(true);
  });

  it.each(['a+b', 'a*$', '(?:a{2,}b)', '(?:ab{2,}|c)d', 'a{2,}(?!b)', '(a+)+b'])('unlike %s', (source) => {
    expect(isBoundedButForItsEnd(source)).toBe(false);
  });
});

describe('known secrets', () => {
  it('that repeat themselves are compared a bounded number of times', () => {
    const secrets = new KnownSecrets();
    secrets.add('a'.repeat(5000));
    secrets.add(`${'a'.repeat(4000)}b`);
    let read = 0;
    const text = 'a'.repeat(SIZE / 5);
    const counted = {
      length: text.length,
      charCodeAt: (at: number) => {
        read++;
        return text.charCodeAt(at);
      },
    };
    let covered = 0;
    secrets.find(counted as unknown as string, (_start, end) => {
      covered = Math.max(covered, end);
    });
    expect(covered).toBe(text.length);
    expect(read).toBeLessThan(20 * text.length);
  });
});
