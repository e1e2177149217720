import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkToken } from '../../../src/access/check-token.ts';
import { newToken } from '../../../src/access/token-text.ts';
import { draftToken, enterToken, revokeToken } from '../../../src/access/tokens.ts';
import { draftOf, START } from '../../../src/testing/store/records.ts';
import { tokenOf, tokenTold } from '../../../src/testing/store/tokens.ts';
import { runAll } from './child-processes.ts';
import { kindsOf, newPath, openStore, writerOf } from './open-store.ts';

/** Tokens and processes of a race. */
const NAMES = 25;
const PROCESSES = 3;

describe('tokens in SQLite', () => {
  it('are seen by the other stores on the file at once, and so is that they were revoked', () => {
    const path = newPath();
    const [one, two] = [
      openStore({ path, writer: writerOf('one') }),
      openStore({ path, writer: writerOf('two') }),
    ];
    const { text, hash } = newToken('approver');
    one.tokens.create(tokenOf('a', { hash }), { ...tokenTold('created'), writer: writerOf('one') });
    const check = () => checkToken(text, { store: two.tokens, now: START });
    expect(check()).toMatchObject({ ok: true });
    one.tokens.revoke('a', 'bob', new Date(START), { ...tokenTold('revoked'), writer: writerOf('one') });
    expect(check()).toMatchObject({ ok: false, problem: 'revoked' });
  });

  it('leave their texts in no file, and their hashes in none that others can read', () => {
    const path = newPath();
    const store = openStore({ path });
    const desk = {
      store: store.tokens,
      now: () => START,
      newId: () => 'a',
      draft: (body: object) => draftOf('policy', 'policy:1', body),
      redact: (text: string) => text,
    };
    const { text, token } = draftToken(desk, { name: 'ann', role: 'admin', expiresAt: null, by: 'x' });
    enterToken(desk, token);
    checkToken(text, { store: store.tokens, now: START });
    revokeToken(desk, token, 'x');
    const files = readdirSync(dirname(path)).map((name) => join(dirname(path), name));
    expect(files.map((file) => file.slice(path.length)).sort()).toEqual(expect.arrayContaining(['', '-wal']));
    const chance = text.slice('plyra_admin_'.length);
    for (const file of files) {
      const bytes = readFileSync(file);
      for (const secret of [chance, Buffer.from(chance, 'base64url'), Buffer.from(text, 'utf16le')]) {
        expect(bytes.includes(secret)).toBe(false);
      }
      if (bytes.includes(token.hash)) expect(statSync(file).mode & 0o777).toBe(0o600);
    }
    expect(files.some((file) => readFileSync(file).includes(token.hash))).toBe(true);
    const journaled = JSON.stringify(store.database.prepare('SELECT * FROM journal').all());
    expect(journaled).not.toContain(token.hash);
    expect(journaled).toContain('token_created');
  });

  it.each([
    "role = 'root'",
    "role = 'ADMIN'",
    'created_at = 9e18',
    'expires_at = 9223372036854775807',
    'revoked_at = -9223372036854775808',
  ])('that were edited so that they cannot be read are revoked: %s', (edit) => {
    const store = openStore();
    const { text, hash } = newToken('admin');
    store.tokens.create(tokenOf('a', { hash, role: 'admin' }), tokenTold('created'));
    store.database.prepare(`UPDATE tokens SET ${edit}`).run();
    expect(checkToken(text, { store: store.tokens, now: START })).toMatchObject({ problem: 'revoked' });
    expect(store.tokens.list()[0]).toMatchObject({ role: 'ingest', revokedBy: null });
  });

  it('that cannot be looked up are not taken for unknown', () => {
    const store = openStore();
    store.database.prepare('DROP TABLE tokens').run();
    expect(() => checkToken(newToken('admin').text, { store: store.tokens, now: START })).toThrow(
      /no such table/,
    );
  });

  it('cannot be made, revoked or found in a store that was closed', () => {
    const store = openStore();
    store.close();
    for (const use of [
      () => store.tokens.create(tokenOf('a'), tokenTold('created')),
      () => store.tokens.revoke('a', 'bob', new Date(START), tokenTold('revoked')),
      () => store.tokens.find('a'),
      () => store.tokens.list(),
    ]) {
      expect(use).toThrow(/was closed/);
    }
  });

  it('are told of behind what was gathered before', async () => {
    const store = openStore();
    const gathered = store.append([draftOf('decided', 'a', {})], { gather: true });
    store.tokens.create(tokenOf('a'), tokenTold('created'));
    await gathered;
    expect(kindsOf(store)).toEqual(['decided', 'policy']);
  });
});

describe('processes at once', () => {
  it('give every name to one token', { timeout: 60_000 }, async () => {
    const path = newPath();
    const store = openStore({ path });
    const got = await runAll(Array.from({ length: PROCESSES }, () => ['make-tokens', path, String(NAMES)]));
    expect(got.reduce((sum, count) => sum + Number(count), 0)).toBe(NAMES);
    expect(new Set(store.tokens.list().map(({ nameKey }) => nameKey)).size).toBe(NAMES);
    expect([...store.records()].length).toBe(NAMES);
  });

  it('revoke a token once', { timeout: 60_000 }, async () => {
    const path = newPath();
    const store = openStore({ path });
    store.tokens.create(tokenOf('t'), tokenTold('created'));
    const did = await runAll(Array.from({ length: PROCESSES }, () => ['revoke-token', path]));
    expect(did.sort()).toEqual(['false', 'false', 'true']);
    expect([...store.records()].length).toBe(2);
  });
});
