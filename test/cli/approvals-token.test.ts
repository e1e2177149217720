import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newToken } from '../../src/access/token-text.ts';
import { personKey } from '../../src/approvals/person.ts';
import { newActionId } from '../../src/call/action-id.ts';
import { systemClock } from '../../src/call/system-clock.ts';
import type { Role } from '../../src/core/access-token.ts';
import { tokenOf, tokenTold } from '../../src/testing/store/tokens.ts';
import { openStore } from '../stores/sqlite/open-store.ts';
import { approvalsScene } from './approvals-scene.ts';
import type { Ran } from './run-cli.ts';

const ann = generateKeyPairSync('ed25519');
const publicKey = ann.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const { folder, run, json, agent, ask } = approvalsScene({
  'quorum.yaml': 'approvals: {quorum: 2}\n',
  'signed.yaml': `approvers: [{id: ann, public_key: "${publicKey}"}]\n`,
  'ann.pem': ann.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
});
const RENT = { text: 'pay rent', amount: 500 };

/** A journal in which a payment waits for a person, and commands about it. */
function scene(file: string, context: Parameters<typeof ask>[2] = {}) {
  const id = ask(file, RENT, context);
  const open = () => openStore({ path: join(folder, file), clock: systemClock });
  /** What `token create` does, without a process of its own. */
  const token = (role: Role, name: string = role, expiresAt: Date | null = null): string => {
    const store = open();
    const made = newToken(role);
    const life = { createdAt: new Date(), expiresAt };
    store.tokens.create(
      tokenOf(newActionId(), { name, nameKey: personKey(name), role, hash: made.hash, ...life }),
      tokenTold('created'),
    );
    store.close();
    return made.text;
  };
  const decide = (words: readonly string[], env: Readonly<Record<string, string>> = {}): Ran =>
    run(['approvals', ...words, '--db', file], '', { NO_COLOR: '1', ...env });
  const approve = (text: string, ...words: readonly string[]): Ran =>
    decide(['approve', id, ...words], { PLYRA_TOKEN: text });
  const state = (): unknown => {
    const store = open();
    const found = store.approvals.get(id)?.state;
    store.close();
    return found;
  };
  return { id, token, decide, approve, state };
}

describe('approvals approve with a token', () => {
  test.each(['approver', 'admin'] as const)('of role %s decides under its name', async (role) => {
    const { id, token, approve } = scene(`${role}.db`);
    expect(approve(token(role, 'Ann')).stdout).toContain('Approved by token:Ann: pay ');
    expect(json('approvals', 'show', id, '--db', `${role}.db`)).toMatchObject({
      ...{ state: 'approved', decided_by: 'token:Ann' },
    });
    const { guard, pay } = agent(`${role}.db`);
    expect(pay(RENT)).toBe('pay rent: paid 500');
    await guard.close();
    const { stdout } = run(['audit', 'export', '--records', '--db', `${role}.db`]);
    expect(stdout).toContain('\\"by\\":\\"token:Ann\\"');
  });

  test.each(['ingest', 'viewer'] as const)('of role %s decides nothing, nor ends a grant', (role) => {
    const { id, token, decide, state } = scene(`${role}.db`);
    const env = { PLYRA_TOKEN: token(role) };
    for (const words of [
      ['approve', id],
      ['deny', id],
      ['approve', id, '--by', 'ann'],
      ['revoke', '0123456789ab'],
    ]) {
      expect(decide(words, env)).toMatchObject({
        ...{ code: 1, stdout: '', stderr: expect.stringContaining(`has the role ${role}`) },
      });
    }
    expect(state()).toBe('pending');
    expect(decide(['approve', id]).code).toBe(0);
  });

  test('that is garbage, unknown, expired or revoked decides nothing, and is not printed', () => {
    const { id, token, approve, decide, state } = scene('dead.db');
    const revoked = token('approver', 'revoked');
    run(['token', 'revoke', 'revoked', '--db', 'dead.db']);
    const expired = token('admin', 'expired', new Date(0));
    const bad: [string, string][] = [
      ['', 'not the text'],
      [' ', 'not the text'],
      ['garbage', 'not the text'],
      ['x'.repeat(100_000), 'not the text'],
      [newToken('admin').text, 'no such access token'],
      [expired, 'has expired'],
      [revoked, 'was revoked'],
    ];
    for (const [text, why] of bad) {
      const ran = approve(text);
      expect(ran).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(why) });
      if (text.length > 10) expect(ran.stderr).not.toContain(text);
    }
    expect(state()).toBe('pending');
    const asJson = decide(['approve', id, '--json'], { PLYRA_TOKEN: revoked });
    expect(JSON.parse(asJson.stdout)).toMatchObject({ error: { code: 'ACCESS_TOKEN' } });
  });

  test('says to nobody how to do without it', () => {
    const { token, approve } = scene('hint.db');
    for (const text of [token('ingest'), 'garbage'])
      expect(approve(text).stderr).not.toMatch(/unset|without|leave out/i);
  });

  test('may be named by --by, but by no other name, and no name looks like one without it', () => {
    const { id, token, approve, decide, state } = scene('by.db');
    const text = token('approver', 'Ann');
    expect(approve(text, '--by', 'bob')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('token:Ann'),
    });
    for (const by of ['token:Ann', 'TOKEN:bob', ' token: x']) {
      expect(decide(['approve', id, '--by', by])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('--by'),
      });
    }
    expect(state()).toBe('pending');
    expect(approve(text, '--by', 'ann').stdout).toContain('Approved by token:Ann');
  });

  test.each(['worker', 'WORKER', 'ｗｏｒｋｅｒ'])('cannot decide for the agent of its name: %s', (name) => {
    const file = `own-${name.length}-${name.codePointAt(0)}.db`;
    const { token, approve, state } = scene(file, { agentId: 'worker' });
    expect(approve(token('admin', name))).toMatchObject({
      ...{ code: 1, stdout: '', stderr: expect.stringContaining('is the agent that asks') },
    });
    expect(state()).toBe('pending');
  });

  test('is no second person beside the one of its name', () => {
    const { id, token, approve, decide, state } = scene('quorum.db');
    const config = ['--config', 'quorum.yaml'];
    expect(decide(['approve', id, '--by', 'ann', ...config]).code).toBe(0);
    expect(approve(token('approver', 'Ann'), ...config)).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining('before') },
    });
    expect(state()).toBe('pending');
    expect(approve(token('approver', 'Bob'), ...config).stdout).toContain('Approved by token:Bob');
  });

  test('needs a signature besides, of the approver of its name, where approvers are configured', async () => {
    const { token, approve, state } = scene('signed.db');
    const config = ['--config', 'signed.yaml'];
    const [anns, bobs] = [token('approver', 'ann'), token('approver', 'bob')];
    expect(approve(anns, ...config)).toMatchObject({ code: 2, stderr: expect.stringContaining('--key') });
    expect(approve(bobs, '--key', 'ann.pem', ...config)).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining('may not decide') },
    });
    expect(approve(token('ingest'), '--by', 'ann', '--key', 'ann.pem', ...config).code).toBe(1);
    expect(state()).toBe('pending');
    expect(approve(anns, '--key', 'ann.pem', ...config).code).toBe(0);
    const [shown] = run(['approvals', 'list', '--state', 'all', '--json', '--db', 'signed.db', ...config])
      .stdout.trim()
      .split('\n');
    const { id } = JSON.parse(shown ?? '');
    expect(JSON.parse(shown ?? '')).toMatchObject({ state: 'approved', decided_by: 'token:ann' });
    expect(run(['approvals', 'show', id, '--db', 'signed.db', ...config]).stdout).toMatch(
      /^ {2}token:ann: yes, .*, signed$/m,
    );
  });
});

describe('approvals --token-file', () => {
  test('goes before the environment variable, for approve, deny and revoke', () => {
    const { id, token, decide } = scene('file.db');
    const env = { PLYRA_TOKEN: token('ingest') };
    writeFileSync(join(folder, 'ann.token'), `${token('approver', 'ann')}\r\n`);
    const given = ['--token-file', 'ann.token'];
    const approved = decide(['approve', id, '--scope', 'call', ...given], env);
    expect(approved).toMatchObject({ code: 0, stdout: expect.stringContaining('Approved by token:ann') });
    const [, grant = ''] = /approvals revoke ([0-9a-f]{12})/.exec(approved.stdout) ?? [];
    expect(decide(['revoke', grant], env).code).toBe(1);
    expect(decide(['revoke', grant, ...given], env).code).toBe(0);
    const { stdout } = decide(['grants', '--all', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ granted_by: 'token:ann', revoked_by: 'token:ann' });
    const other = ask('file.db', { text: 'pay tax', amount: 1 });
    expect(decide(['deny', other, ...given], env).stdout).toContain('Denied by token:ann');
  });

  test('takes a file that can be read, of any length, and not the token itself', () => {
    const { id, token, decide, state } = scene('unread.db');
    const text = token('approver');
    for (const file of ['none.token', '.', text]) {
      const ran = decide(['approve', id, '--token-file', file]);
      expect(ran).toMatchObject({ code: 2, stdout: '' });
      expect(ran.stderr).not.toContain(text);
    }
    writeFileSync(join(folder, 'long.token'), `${text}\n${text}`);
    writeFileSync(join(folder, 'empty.token'), '');
    for (const file of ['long.token', 'empty.token', '/dev/zero', '/dev/null']) {
      expect(decide(['approve', id, '--token-file', file])).toMatchObject({
        ...{ code: 1, stderr: expect.stringContaining('not the text') },
      });
    }
    expect(state()).toBe('pending');
  });

  test('may be a pipe', () => {
    const { token, decide, id } = scene('pipe.db');
    const text = token('approver', 'ann');
    // The shell ends at once; its child waits until somebody reads.
    execFileSync('sh', ['-c', `mkfifo pipe && (printf '%s' '${text}' > pipe &)`], {
      cwd: folder,
      stdio: 'ignore',
    });
    expect(decide(['approve', id, '--token-file', 'pipe']).stdout).toContain('Approved by token:ann');
  });
});
