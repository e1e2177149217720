import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { draftToken, enterToken, revokeToken, type TokenRequest } from '../../src/access/tokens.ts';
import { AccessTokenError } from '../../src/core/errors.ts';
import { makeRedactor } from '../../src/core/redact.ts';
import { MemoryStore } from '../../src/stores/memory.ts';
import { draftOf, START } from '../../src/testing/store/records.ts';

function desk() {
  const store = new MemoryStore({ maxActions: 100, sha256: (text) => hash('sha256', text) });
  let ids = 0;
  const redaction = makeRedactor({ keys: [], patterns: [] }).forAction({});
  const tokens = {
    store: store.tokens,
    now: () => START,
    newId: () => `id-${++ids}`,
    draft: (body: object) => draftOf('policy', 'policy:1', body),
    redact: (text: string) => redaction.text(text),
  };
  return { store, tokens };
}

const WANTED: TokenRequest = { name: 'Ann', role: 'approver', expiresAt: null, by: 'cli:root@h' };
const END = new Date(START + 1000);

function problemOf(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof AccessTokenError ? error.details.problem : error;
  }
}

describe('making a token', () => {
  it('stores and journals who made it, and neither its text nor its hash in the journal', () => {
    const { store, tokens } = desk();
    const { text, token } = draftToken(tokens, { ...WANTED, expiresAt: END });
    expect(store.tokens.list()).toEqual([]);
    enterToken(tokens, token);
    expect(store.tokens.find(hash('sha256', text))).toMatchObject({
      name: 'Ann',
      nameKey: 'ann',
      role: 'approver',
    });
    const [record] = store.records();
    expect(record?.body).toEqual({
      ...{ event: 'token_created', tokenId: 'id-1', name: 'Ann', role: 'approver' },
      ...{ expiresAt: END.toISOString(), by: 'cli:root@h' },
    });
    expect(JSON.stringify(store.records())).not.toContain(token.hash);
    expect(JSON.stringify([store.records(), store.tokens.list()])).not.toContain(text);
  });

  it.each(['Ann', 'ANN', ' ann ', 'ａｎｎ', 'an\u200bn'])(
    'is refused while another live one has the name: %j',
    (name) => {
      const { store, tokens } = desk();
      enterToken(tokens, draftToken(tokens, WANTED).token);
      const { token } = draftToken(tokens, { ...WANTED, name });
      expect(problemOf(() => enterToken(tokens, token))).toBe('name_taken');
      expect(store.records().length).toBe(1);
    },
  );

  it.each<unknown>([
    '',
    ' ',
    '\u200b',
    'a\nb',
    '\x1b[2J',
    '\ud800',
    'token:',
    'token:ann',
    'Token : ann',
    'a'.repeat(195),
    7,
    undefined,
    null,
  ])('is refused for the name %j', (name) => {
    expect(problemOf(() => draftToken(desk().tokens, { ...WANTED, name: name as string }))).toBe('name');
  });

  it('is refused for a name that is a token, or holds another secret', () => {
    const { tokens } = desk();
    const { text } = draftToken(tokens, WANTED);
    for (const name of [text, `bot password=hunter22`]) {
      let message = '';
      try {
        draftToken(tokens, { ...WANTED, name });
      } catch (error) {
        message = String(error);
      }
      expect(message).toContain('seems to hold a secret');
      expect(message).not.toContain(name);
    }
  });

  it.each(['a', 'a'.repeat(194), 'Ada Byron', 'deploy-bot', '李', 'ada@example.com'])(
    'takes the name %j',
    (name) => {
      expect(draftToken(desk().tokens, { ...WANTED, name }).token.name).toBe(name);
    },
  );

  it('is refused for what is no role, and for an end that is not in the future', () => {
    const { tokens } = desk();
    const draft = (changes: object) => problemOf(() => draftToken(tokens, { ...WANTED, ...changes }));
    expect(draft({ role: 'root' })).toBe('role');
    for (const time of [START, START - 1, Number.NaN])
      expect(draft({ expiresAt: new Date(time) })).toBe('expiry');
    expect(draft({ expiresAt: new Date(START + 1) })).toBeUndefined();
  });
});

describe('revoking a token', () => {
  it('ends it, journals who did it, and works once', () => {
    const { store, tokens } = desk();
    const { token } = draftToken(tokens, WANTED);
    enterToken(tokens, token);
    expect(revokeToken(tokens, token, 'token:root')).toMatchObject({
      ...{ revokedBy: 'token:root', revokedAt: new Date(START) },
    });
    expect(problemOf(() => revokeToken(tokens, token, 'eve'))).toBe('revoked');
    expect(store.records().map(({ kind, body }) => [kind, body.event, body.by])).toEqual([
      ['policy', 'token_created', 'cli:root@h'],
      ['policy', 'token_revoked', 'token:root'],
    ]);
    expect(problemOf(() => enterToken(tokens, draftToken(tokens, WANTED).token))).toBeUndefined();
  });
});
