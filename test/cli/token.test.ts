import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ActionGuard } from '../../src/guard.ts';
import { type Ran, workspace } from './run-cli.ts';

const { folder, run } = workspace();
const at = (name: string): string => join(folder, name);
const ME = `cli:${userInfo().username}@${hostname()}`;
const TEXT = /^plyra_(?:ingest|viewer|approver|admin)_[A-Za-z0-9_-]{43}\n$/;

/** Runs a command about the tokens of a journal, which is made where it is not there. */
async function journal(file: string) {
  await new ActionGuard({ snapshotPath: at(file) }).close();
  const token = (words: readonly string[], env: Readonly<Record<string, string>> = {}): Ran =>
    run(['token', ...words, '--db', file], '', { NO_COLOR: '1', ...env });
  const create = (role: string, name: string, ...words: readonly string[]): Ran =>
    token(['create', '--role', role, '--name', name, ...words]);
  const list = (): Record<string, unknown>[] =>
    token(['list', '--json'])
      .stdout.split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  return { token, create, list };
}

describe('token create', () => {
  test('prints the token once on stdout, and on stderr that it is not shown again', async () => {
    const { create, list } = await journal('create.db');
    const { code, stdout, stderr } = create('viewer', 'Ann', '--expires', '30d');
    expect(code).toBe(0);
    expect(stdout).toMatch(TEXT);
    expect(stderr).toContain('not shown again');
    expect(stderr).not.toContain(stdout.trim());
    const [token] = list();
    expect(token).toMatchObject({ name: 'Ann', role: 'viewer', state: 'live', created_by: ME });
    const lasts = Date.parse(String(token?.expires_at)) - Date.parse(String(token?.created_at));
    expect(Math.abs(lasts - 30 * 86_400_000)).toBeLessThan(60_000);
    expect(run(['audit', 'verify', '--db', 'create.db']).code).toBe(0);
  });

  test('journals who made and who revoked it, with neither text nor hash in the log', async () => {
    const { create, token } = await journal('journal.db');
    const text = create('approver', 'ann').stdout.trim();
    expect(token(['revoke', 'ann']).code).toBe(0);
    const { stdout } = run(['audit', 'export', '--records', '--db', 'journal.db']);
    const bodies = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ kind }) => kind === 'policy')
      .map(({ body }) => JSON.parse(body));
    const { token_id: id } = bodies[0];
    expect(bodies).toEqual([
      { event: 'token_created', token_id: id, name: 'ann', role: 'approver', expires_at: null, by: ME },
      { event: 'token_revoked', token_id: id, name: 'ann', role: 'approver', by: ME },
    ]);
    expect(stdout).not.toContain(text);
    expect(stdout).not.toContain(createHash('sha256').update(text).digest('hex'));
    for (const file of ['journal.db', 'journal.db-wal', 'journal.db-shm']) {
      if (lstatSync(at(file), { throwIfNoEntry: false })) {
        expect(readFileSync(at(file)).includes(text.slice(-43))).toBe(false);
      }
    }
  });

  test('prints JSON, with the token in it, or the file that it is in', async () => {
    const { create } = await journal('json.db');
    const printed = JSON.parse(create('ingest', 'a', '--json').stdout);
    expect(Object.keys(printed)).toEqual([
      ...[
        'id',
        'name',
        'role',
        'state',
        'created_at',
        'created_by',
        'expires_at',
        'revoked_at',
        'revoked_by',
      ],
      'token',
    ]);
    expect(`${printed.token}\n`).toMatch(TEXT);
    const written = JSON.parse(create('ingest', 'b', '--out', 'b.token', '--json').stdout);
    expect([written.file, written.token]).toEqual(['b.token', undefined]);
  });

  test.each([
    ['', 1],
    [' ', 1],
    ['a\nb', 1],
    ['\x1b[2J', 1],
    ['token:ann', 1],
    ['a'.repeat(195), 1],
  ])('makes none for the name %j', async (name, code) => {
    const { create, list } = await journal('names.db');
    const ran = create('viewer', name);
    expect(ran).toMatchObject({ code, stdout: '' });
    expect(ran.stderr).not.toContain('\x1b');
    expect(list()).toEqual([]);
  });

  test('makes none of another role, without a role or a name, or with an end that has passed', async () => {
    const { create, token, list } = await journal('usage.db');
    for (const ran of [
      create('root', 'a'),
      token(['create', '--role', 'admin']),
      token(['create', '--name', 'a']),
      create('viewer', 'a', '--expires', '2020-01-01'),
      create('viewer', 'a', '--expires', 'never'),
    ]) {
      expect(ran).toMatchObject({ code: 2, stdout: '' });
    }
    expect(list()).toEqual([]);
    expect(run(['token', 'create', '--role', 'admin', '--name', 'a', '--db', 'none.db']).code).toBe(1);
  });

  test('gives a live name once, and again after it was revoked', async () => {
    const { create, token } = await journal('twice.db');
    expect(create('viewer', 'Ann').code).toBe(0);
    expect(create('admin', 'ANN')).toMatchObject({ code: 1, stderr: expect.stringContaining('already') });
    expect(create('admin', 'ANN', '--out', 'twice.token').code).toBe(1);
    expect(lstatSync(at('twice.token'), { throwIfNoEntry: false })).toBeUndefined();
    expect(token(['revoke', 'ann']).code).toBe(0);
    expect(create('admin', 'ANN').code).toBe(0);
  });

  test('does not print a token that was given as a name', async () => {
    const { create } = await journal('leak.db');
    const text = create('admin', 'a').stdout.trim();
    const ran = create('admin', text);
    expect(ran.code).toBe(1);
    expect(`${ran.stdout}${ran.stderr}`).not.toContain(text);
  });
});

describe('token create --out', () => {
  test('writes the token to a new file that only this user reads, and prints nothing', async () => {
    const { create } = await journal('out.db');
    const { code, stdout, stderr } = create('admin', 'a', '--out', 'a.token');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('a.token');
    expect(readFileSync(at('a.token'), 'utf8')).toMatch(TEXT);
    expect(statSync(at('a.token')).mode & 0o777).toBe(0o600);
  });

  test('replaces nothing and follows no link, and makes no token then', async () => {
    const { create, list } = await journal('kept.db');
    writeFileSync(at('there'), 'mine');
    writeFileSync(at('target'), 'mine');
    mkdirSync(at('a-folder'));
    symlinkSync('target', at('link'));
    symlinkSync('nowhere', at('dangling'));
    for (const out of ['there', 'link', 'dangling', 'a-folder', 'no/such/folder', '']) {
      expect(create('admin', 'a', '--out', out)).toMatchObject({ code: 2, stdout: '' });
    }
    expect([readFileSync(at('there'), 'utf8'), readFileSync(at('target'), 'utf8')]).toEqual(['mine', 'mine']);
    expect(lstatSync(at('nowhere'), { throwIfNoEntry: false })).toBeUndefined();
    expect(lstatSync(at('dangling')).isSymbolicLink()).toBe(true);
    expect(list()).toEqual([]);
  });
});

describe('token list', () => {
  test('shows what there is, newest last, and never a text or a hash', async () => {
    const { create, token } = await journal('list.db');
    expect(token(['list']).stdout).toBe('');
    const texts = [create('viewer', 'a\u202e'), create('admin', 'b', '--expires', '2h')].map(({ stdout }) =>
      stdout.trim(),
    );
    token(['revoke', 'b']);
    const { stdout } = token(['list']);
    const [first, second] = stdout.split('\n');
    expect(first).toMatch(/^[0-9a-f]{12} a\\u202e +viewer +live +created 20\S+ \S+ expires never$/);
    expect(second).toMatch(/^[0-9a-f]{12} b +admin +revoked created .* expires 20.* revoked 20.* by cli:/);
    const all = stdout + token(['list', '--json']).stdout;
    for (const text of texts) expect(all).not.toContain(text.slice(-20));
    expect(all).not.toMatch(/[0-9a-f]{64}/);
    expect(all).not.toContain('\u202e');
  });
});

describe('token revoke', () => {
  test('takes the name, the id or a part of the id, once', async () => {
    const { create, token, list } = await journal('revoke.db');
    for (const name of ['a', 'b', 'c']) create('viewer', name);
    const ids = list().map(({ id }) => String(id));
    expect(token(['revoke', 'A']).stdout).toContain('Revoked the token "a" of role viewer');
    expect(JSON.parse(token(['revoke', ids[1] ?? '', '--json']).stdout)).toMatchObject({
      ...{ name: 'b', state: 'revoked', revoked_by: ME },
    });
    expect(token(['revoke', ids[2]?.slice(-12) ?? '']).code).toBe(0);
    expect(list().map(({ state }) => state)).toEqual(['revoked', 'revoked', 'revoked']);
    for (const again of ['a', ids[1] ?? '', 'nobody', '']) expect(token(['revoke', again]).code).toBe(1);
  });

  test('takes none where the name of one is in the id of another', async () => {
    const { create, token, list } = await journal('unclear.db');
    create('viewer', 'a');
    const id = String(list()[0]?.id);
    create('viewer', id.slice(-12));
    expect(token(['revoke', id.slice(-12)])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('whole id'),
    });
    expect(token(['revoke', id]).stdout).toContain('"a"');
    expect(list().map(({ state }) => state)).toEqual(['revoked', 'live']);
  });

  test('does not print a token that was given in place of its name', async () => {
    const { create, token } = await journal('revoke-leak.db');
    const text = create('viewer', 'a').stdout.trim();
    const ran = token(['revoke', text]);
    expect(ran.code).toBe(1);
    expect(`${ran.stdout}${ran.stderr}`).not.toContain(text);
  });
});

describe('tokens with a token', () => {
  test('are managed by admins only', async () => {
    const { create, token, list } = await journal('managed.db');
    const text = (role: string): string => create(role, role).stdout.trim();
    for (const role of ['ingest', 'viewer', 'approver']) {
      const env = { PLYRA_TOKEN: text(role) };
      for (const words of [['create', '--role', 'admin', '--name', 'x'], ['list'], ['revoke', role]]) {
        expect(token(words, env)).toMatchObject({
          code: 1,
          stdout: '',
          stderr: expect.stringContaining('role admin'),
        });
      }
    }
    const env = { PLYRA_TOKEN: text('admin') };
    expect(token(['create', '--role', 'viewer', '--name', 'x'], env).code).toBe(0);
    expect(token(['revoke', 'approver'], env).code).toBe(0);
    expect(list().map(({ name, created_by, revoked_by }) => [name, created_by, revoked_by])).toEqual([
      ['ingest', ME, null],
      ['viewer', ME, null],
      ['approver', ME, 'token:admin'],
      ['admin', ME, null],
      ['x', 'token:admin', null],
    ]);
  });
});
