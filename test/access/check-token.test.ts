import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkToken } from '../../src/access/check-token.ts';
import { newToken } from '../../src/access/token-text.ts';
import type { AccessToken } from '../../src/core/access-token.ts';
import { MemoryStore } from '../../src/stores/memory.ts';
import type { TokenStore } from '../../src/stores/token-store.ts';
import { START } from '../../src/testing/store/records.ts';
import { tokenOf, tokenTold } from '../../src/testing/store/tokens.ts';

const END = START + 60_000;

/** A store with one token, and its text. */
function withToken(changes: Partial<AccessToken> = {}) {
  const { tokens } = new MemoryStore({ maxActions: 10, sha256: (text) => hash('sha256', text) });
  const made = newToken('viewer');
  const token = tokenOf('a', { hash: made.hash, ...changes });
  tokens.create(token, tokenTold('created'));
  return { tokens, token, text: made.text };
}

const problemOf = async (text: unknown, store: TokenStore, now = START): Promise<string> => {
  const check = await checkToken(text, { store, now });
  return check.ok ? 'live' : check.problem;
};

describe('checkToken', () => {
  it('gives the live token of a text, at once where the store answers at once', () => {
    const { tokens, token, text } = withToken();
    expect(checkToken(text, { store: tokens, now: END - 1 })).toEqual({ ok: true, token });
  });

  it('refuses one whose end has come, and one at a time that is none', async () => {
    const { tokens, text } = withToken();
    expect(await problemOf(text, tokens, END)).toBe('expired');
    expect(await problemOf(text, tokens, Number.NaN)).toBe('expired');
    expect(await problemOf(text, withToken().tokens)).toBe('unknown');
  });

  it('refuses one that was revoked, also when it would not have expired', async () => {
    const { tokens, text } = withToken({ expiresAt: null });
    expect(await problemOf(text, tokens, END * 2)).toBe('live');
    tokens.revoke('a', 'bob', new Date(START), tokenTold('revoked'));
    expect(await problemOf(text, tokens)).toBe('revoked');
  });

  it('goes by the stored role, not by the one in the text', async () => {
    const { tokens, text } = withToken();
    expect(await problemOf(text.replace('viewer', 'admin'), tokens)).toBe('unknown');
  });

  it('refuses every other text, and never holds one in its answer', async () => {
    const { tokens, text } = withToken();
    for (let at = 0; at < text.length; at++) {
      const other = `${text.slice(0, at)}${text[at] === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`;
      const check = await checkToken(other, { store: tokens, now: START });
      expect(check.ok).toBe(false);
      expect(JSON.stringify(check)).not.toContain(other);
    }
  });

  it('refuses garbage of any kind without throwing or asking the store', () => {
    const asked: TokenStore['find'] = () => {
      throw new Error('asked');
    };
    const store = { ...withToken().tokens, find: asked } as unknown as TokenStore;
    fc.assert(
      fc.property(fc.anything(), (text) => {
        expect(checkToken(text, { store, now: START })).toMatchObject({ ok: false, problem: 'malformed' });
      }),
    );
    expect(checkToken('x'.repeat(50_000_000), { store, now: START })).toMatchObject({ problem: 'malformed' });
  });

  it('does not believe a store that compares loosely', async () => {
    const { tokens, token, text } = withToken();
    const loose = (found: AccessToken) => ({ find: () => found }) as unknown as TokenStore;
    expect(await problemOf(text, loose(token))).toBe('live');
    expect(await problemOf(newToken('viewer').text, loose(token))).toBe('unknown');
    expect(await problemOf(text, loose({ ...token, hash: token.hash.toUpperCase() }))).toBe('unknown');
    expect(await problemOf(text, loose({ ...token, hash: '' }))).toBe('unknown');
    expect(await problemOf(text, tokens)).toBe('live');
  });

  it('waits for a remote store, and takes no failure of it for a yes or a no', async () => {
    const { token, text } = withToken();
    const remote = { find: async () => token } as unknown as TokenStore;
    expect(await problemOf(text, remote)).toBe('live');
    const broken = {
      find: async () => {
        throw new Error('no connection');
      },
    } as unknown as TokenStore;
    await expect(problemOf(text, broken)).rejects.toThrow('no connection');
  });
});
