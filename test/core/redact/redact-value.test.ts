import { describe, expect, it, test } from 'vitest';
import { canonicalJson } from '../../../src/core/canonical.ts';
import { privateCopy } from '../../../src/core/private-copy.ts';
import { type ActionRedaction, makeRedactor } from '../../../src/core/redact.ts';

const redactor = makeRedactor({ keys: [], patterns: [] });
const of = (parameters: unknown): ActionRedaction => redactor.forAction(privateCopy(parameters).value);

/** The value as the journal gets it: in its tagged JSON form. */
const stored = (parameters: unknown): unknown => of(parameters).value(JSON.parse(canonicalJson(parameters)));

describe('parameters', () => {
  test.each([
    [
      { user: 'bob', password: 'hunter2' },
      { user: 'bob', password: '[redacted]' },
    ],
    [{ db: { credentials: { user: 'bob', pass: 'x' } } }, { db: { credentials: '[redacted]' } }],
    [
      { tokens: ['abc'], pin: 1234, otp: 7n },
      { tokens: ['[redacted]'], pin: '[redacted]', otp: '[redacted]' },
    ],
    [
      { usage: { tokens: 12 }, tokens: { prompt: 5, text: 'abc' } },
      { usage: { tokens: 12 }, tokens: { prompt: 5, text: '[redacted]' } },
    ],
    [
      { password: null, token: true, secret: '', cookies: [], auth: {} },
      { password: null, token: true, secret: '', cookies: [], auth: {} },
    ],
    [{ args: ['mysql', '--password', 'a b', '-v'] }, { args: ['mysql', '--password', '[redacted]', '-v'] }],
    [
      { env: [{ name: 'DB_PASSWORD', value: 'x1y2' }] },
      { env: [{ name: 'DB_PASSWORD', value: '[redacted]' }] },
    ],
    [
      {
        headers: [
          ['Accept', '*/*'],
          ['X-Api-Key', 'x1y2'],
        ],
      },
      {
        headers: [
          ['Accept', '*/*'],
          ['X-Api-Key', '[redacted]'],
        ],
      },
    ],
    [{ cmd: ['sshpass', '-p', 'a b', 'ssh'] }, { cmd: ['sshpass', '-p', '[redacted]', 'ssh'] }],
    [{ fields: ['password', 'username'] }, { fields: ['password', 'username'] }],
    [
      { selector: 'input[name=password]', text: 'x1y2' },
      { selector: 'input[name=password]', text: '[redacted]' },
    ],
    [
      { element: 'Search', text: 'x1y2' },
      { element: 'Search', text: 'x1y2' },
    ],
    [
      {
        m: new Map<unknown, unknown>([
          ['password', 'x1y2'],
          [1, 'a'],
        ]),
      },
      {
        m: {
          $map: [
            ['password', '[redacted]'],
            [1, 'a'],
          ],
        },
      },
    ],
    [{ s: new Set(['a', 'sk-proj-abcdEFGH1234567890']) }, { s: { $set: ['a', '[redacted]'] } }],
    [{ u: new URL('https://bob:hunter2@h/') }, { u: { $url: 'https://bob:[redacted]@h/' } }],
    [{ b: Buffer.from('harmless') }, { b: { $bytes: '6861726d6c657373', type: 'Buffer' } }],
    [{ b: Buffer.from('-----BEGIN PRIVATE KEY-----\nMII') }, { b: { $bytes: '[redacted]', type: 'Buffer' } }],
    [{ b: Buffer.alloc(70_000) }, { b: { $bytes: '[redacted]', type: 'Buffer' } }],
    [{ password: new Date(0) }, { password: '[redacted]' }],
    [
      { card: 4111111111111111, id: 4111111111111112 },
      { card: '[redacted]', id: 4111111111111112 },
    ],
    [{ env: { PWD: '/home/bob', OLDPWD: 'hunter2x' } }, { env: { PWD: '/home/bob', OLDPWD: '[redacted]' } }],
    [{ ghp_abcdefghijklmnopqrstuvwxyz0123456789: 1 }, { '[redacted]': 1 }],
    [{ body: '{"password":"x1y2","n":1}' }, { body: '{"password":"[redacted]","n":1}' }],
  ])('%#', (parameters, expected) => {
    expect(stored(parameters)).toEqual(expected);
  });

  it('are frozen copies', () => {
    const parameters = { a: { b: ['c'] } };
    const copy = of({}).value(parameters) as typeof parameters;
    expect(copy).toEqual(parameters);
    expect(copy.a).not.toBe(parameters.a);
    expect([copy, copy.a, copy.a.b].every(Object.isFrozen)).toBe(true);
  });

  it('under `__proto__` stay data', () => {
    const parameters = JSON.parse('{"__proto__":{"password":"x1y2","a":1},"constructor":{"token":"x"}}');
    const copy = of(parameters).value(parameters) as object;
    expect(JSON.stringify(copy)).toBe(
      '{"__proto__":{"password":"[redacted]","a":1},"constructor":{"token":"[redacted]"}}',
    );
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });

  it('whose keys become the same keep all their values', () => {
    const keys = ['a', 'b'].map((one) => `ghp_${one.repeat(36)}`);
    const parameters = { '[redacted]': 0, [keys[0] ?? '']: 1, [keys[1] ?? '']: 2 };
    const copy = of({}).value(parameters);
    expect(copy).toEqual({ '[redacted]': 0, '[redacted] 2': 1, '[redacted] 3': 2 });
    expect(of({}).value(copy)).toEqual(copy);
  });

  it('with what is passed by reference are taken, even when that has been revoked', () => {
    const { proxy, revoke } = Proxy.revocable(new AbortController(), {});
    const parameters = privateCopy({ a: proxy, token: new AbortController().signal, b: 'x' }).value;
    revoke();
    const redaction = redactor.forAction(parameters);
    expect(redaction.text('x AbortSignal')).toBe('x AbortSignal');
    expect(redaction.value(parameters)).toEqual({
      a: { $opaque: 'revoked proxy' },
      token: '[redacted]',
      b: 'x',
    });
  });

  it('of any depth, and what is no JSON, are taken', () => {
    const deep = JSON.parse(`${'['.repeat(100_000)}"hunter2"${']'.repeat(100_000)}`);
    expect(JSON.stringify(of({}).value(deep))).not.toContain('hunter2');
    expect(redactor.forAction(deep).text('anything')).toBe('[redacted]');
    expect(of({}).value([undefined, () => 1, Symbol('s'), Number.NaN, 5n])).toEqual([
      undefined,
      { $opaque: 'function' },
      { $opaque: 'symbol' },
      Number.NaN,
      { $bigint: '5' },
    ]);
  });
});
