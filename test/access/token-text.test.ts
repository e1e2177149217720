import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isTokenText, newToken, tokenHash } from '../../src/access/token-text.ts';
import { ROLES } from '../../src/core/access-token.ts';
import { makeRedactor } from '../../src/core/redact.ts';

describe('a new token', () => {
  it.each(ROLES)('of role %s begins with it, and has 32 bytes of chance', (role) => {
    const { text, hash } = newToken(role);
    const [, chance = ''] = new RegExp(`^plyra_${role}_([A-Za-z0-9_-]{43})$`).exec(text) ?? [];
    expect(Buffer.from(chance, 'base64url').length).toBe(32);
    expect(hash).toBe(createHash('sha256').update(text).digest('hex'));
    expect(tokenHash(text)).toBe(hash);
    expect(isTokenText(text)).toBe(true);
  });

  it('is another one each time', () => {
    const texts = Array.from({ length: 1000 }, () => newToken('admin').text);
    expect(new Set(texts).size).toBe(1000);
  });

  it.each(ROLES)('of role %s is hidden wherever it is stored', (role) => {
    for (let i = 0; i < 200; i++) {
      const { text } = newToken(role);
      const redaction = makeRedactor({ keys: [], patterns: [] }).forAction({});
      for (const line of [
        text,
        `curl -H 'x: ${text}' host`,
        `see ${text}.`,
        `https://h/?q=${text}&a=1`,
        `a/${text}`,
      ]) {
        const kept = redaction.text(line);
        expect(kept.includes(text.slice(-20)), line).toBe(false);
      }
    }
  });
});

describe('the form of a token', () => {
  const good = newToken('viewer').text;

  it.each<unknown>([
    '',
    'plyra_',
    good.slice(0, -1),
    `${good}a`,
    `${good}\n`,
    ` ${good}`,
    good.toUpperCase(),
    good.replace('viewer', 'root'),
    good.replace('plyra', 'plyrа'),
    `${good.slice(0, -1)}+`,
    good.repeat(1_000_000),
    7,
    null,
    undefined,
    {},
    [good],
    { toString: () => good },
    Symbol('x'),
  ])('is not that of garbage (%#)', (text) => {
    expect(isTokenText(text)).toBe(false);
  });
});
