import { generateKeyPairSync } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { approvalsScene, type Payment } from './approvals-scene.ts';

const pem = { type: 'pkcs8', format: 'pem' } as const;
const ann = generateKeyPairSync('ed25519');
const eve = generateKeyPairSync('ed25519');
const publicPem = ann.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const { run, json, agent, ask, folder } = approvalsScene({
  'quorum.yaml': 'approvals: {quorum: 2}\n',
  'signed.yaml': `approvers: [{id: ann, public_key: "${publicPem}", lists: [finance]}]\n`,
  'ann.pem': ann.privateKey.export(pem).toString(),
  'eve.pem': eve.privateKey.export(pem).toString(),
});
const ME = `cli:${userInfo().username}@${hostname()}`;
const RENT = { text: 'pay rent', amount: 500 };

/** What each of these calls of a new agent comes to. */
async function paid(file: string, ...payments: readonly Payment[]): Promise<string[]> {
  const { guard, pay } = agent(file);
  const said = payments.map((payment) => {
    try {
      return pay(payment);
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  });
  await guard.close();
  return said;
}

describe('approvals approve', () => {
  test('lets exactly this call run once, in another process, and says so', async () => {
    const id = ask('once.db', RENT);
    const { code, stdout } = run(['approvals', 'approve', id.slice(-12), '--note', 'ok', '--db', 'once.db']);
    expect(code).toBe(0);
    expect(stdout).toContain(`Approved by ${ME}: pay `);
    expect(stdout).toMatch(/It runs once, when the agent makes exactly this call again before 20/);
    const [other, first, second] = await paid('once.db', { ...RENT, amount: 501 }, RENT, RENT);
    expect(first).toBe('pay rent: paid 500');
    for (const refused of [other, second]) expect(refused).toContain('was not run');
    expect(json('approvals', 'show', id, '--db', 'once.db')).toMatchObject({
      ...{ state: 'consumed', decided_by: ME, note: 'ok', shown: null },
    });
    expect(run(['audit', 'verify', '--db', 'once.db']).code).toBe(0);
    expect(run(['audit', 'export', '--records', '--db', 'once.db']).stdout).toContain(
      '\\"event\\":\\"approved\\"',
    );
  });

  test('wakes the call that waits', async () => {
    const { guard, wait } = agent('wait.db');
    const call = wait(RENT);
    const [line] = run(['approvals', 'list', '--json', '--db', 'wait.db']).stdout.split('\n');
    const { id } = JSON.parse(line ?? '');
    expect(run(['approvals', 'show', id, '--db', 'wait.db']).stdout).toContain(
      'It waits, and goes on at once.',
    );
    expect(run(['approvals', 'approve', id, '--db', 'wait.db']).stdout).toContain('goes on now');
    await expect(call).resolves.toBe('pay rent: paid 500');
    await guard.close();
  });

  test('cannot decide again, nor for the agent itself, nor on what is not there', () => {
    const id = ask('twice.db', RENT);
    const decide = (...words: readonly string[]) => run(['approvals', ...words, '--db', 'twice.db']);
    expect(decide('approve', id, '--by', 'Default')).toMatchObject({
      ...{ code: 1, stdout: '', stderr: expect.stringContaining('is the agent that asks') },
    });
    expect(decide('deny', id).code).toBe(0);
    expect(decide('approve', id)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is denied already'),
    });
    expect(decide('approve', '0123456789ab').code).toBe(1);
    expect(decide('approve', id, '--scope', 'always').code).toBe(2);
    expect(decide('approve', id, '--minutes', '5').code).toBe(2);
    expect(decide('approve', id, '--scope', 'call', '--minutes', '0').code).toBe(2);
    expect(decide('approve', id, '--key', 'ann.pem')).toMatchObject({
      ...{ code: 2, stderr: expect.stringContaining('--config') },
    });
  });

  test('counts distinct people where a quorum is configured', async () => {
    const id = ask('quorum.db', RENT);
    const approve = (by: string) =>
      run(['approvals', 'approve', id, '--by', by, '--db', 'quorum.db', '--config', 'quorum.yaml']);
    expect(approve('ann').stdout).toContain('2 people must say yes; 1 voted.');
    expect(approve('ANN')).toMatchObject({ code: 1, stderr: expect.stringContaining('before') });
    expect(run(['approvals', 'show', id, '--db', 'quorum.db']).stdout).toMatch(/^ {2}ann: yes, 20/m);
    expect(approve('bob').stdout).toContain('Approved by bob');
    expect(await paid('quorum.db', RENT)).toEqual(['pay rent: paid 500']);
  });
});

describe('approvals approve --key', () => {
  test('takes the signature of a configured approver, and of nobody else', () => {
    const id = ask('signed.db', RENT);
    const decide = (...words: readonly string[]) =>
      run(['approvals', 'approve', id, ...words, '--db', 'signed.db', '--config', 'signed.yaml']);
    expect(decide()).toMatchObject({ code: 2, stderr: expect.stringContaining('--by') });
    expect(decide('--by', 'ann')).toMatchObject({ code: 2, stderr: expect.stringContaining('--key') });
    expect(decide('--by', 'ann', '--key', 'none.pem').code).toBe(2);
    expect(decide('--by', 'ann', '--key', 'signed.yaml').code).toBe(2);
    expect(decide('--by', 'ann', '--key', 'eve.pem')).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining('not that of ann') },
    });
    expect(decide('--by', 'bob', '--key', 'ann.pem').code).toBe(1);
    const approved = decide('--by', 'ann', '--key', 'ann.pem', '--note', 'agreed', '--json');
    expect(JSON.parse(approved.stdout)).toMatchObject({ state: 'approved', shown: { parameters: RENT } });
    const shown = run(['approvals', 'show', id, '--db', 'signed.db', '--config', 'signed.yaml']).stdout;
    expect(shown).toMatch(/^ {2}ann: yes, 20.*, signed: agreed$/m);
  });

  test('signs nothing that was changed since it was asked; that can be denied', async () => {
    const decide = (verb: string, id: string) =>
      run([
        'approvals',
        verb,
        id,
        '--by',
        'ann',
        '--key',
        'ann.pem',
        '--db',
        'edited.db',
        '--config',
        'signed.yaml',
      ]);
    const id = ask('edited.db', RENT);
    const file = new DatabaseSync(join(folder, 'edited.db'));
    file.prepare(`UPDATE approvals SET shown = '{"intent":"read a book","parameters":{}}'`).run();
    file.close();
    const shown = run(['approvals', 'show', id, '--db', 'edited.db', '--config', 'signed.yaml']).stdout;
    expect(shown).toMatch(/^call: +read a book$/m);
    expect(shown).toMatch(/^CHANGED: +What it shows is not what was shown when it was asked/m);
    expect(decide('approve', id)).toMatchObject({
      ...{ code: 1, stdout: '', stderr: expect.stringContaining('changed it in the database') },
    });
    expect(decide('deny', id).code).toBe(0);
  });

  test('decides on exactly what was shown, where its fingerprint is given', () => {
    const id = ask('seen.db', RENT);
    const place = ['--db', 'seen.db', '--config', 'signed.yaml'];
    const shown = run(['approvals', 'show', id, ...place]).stdout;
    const [, fingerprint = ''] = /^fingerprint: ([0-9a-f]{64})$/m.exec(shown) ?? [];
    expect(json('approvals', 'show', id, ...place).fingerprint).toBe(fingerprint);
    const decide = (verb: string, seen: string) =>
      run(['approvals', verb, id, '--by', 'ann', '--key', 'ann.pem', '--fingerprint', seen, ...place]);
    const file = new DatabaseSync(join(folder, 'seen.db'));
    file.prepare("UPDATE approvals SET reason = 'Ann knows'").run();
    for (const verb of ['approve', 'deny']) {
      const refused = { code: 1, stderr: expect.stringContaining('Look at it again') };
      expect(decide(verb, fingerprint)).toMatchObject(refused);
    }
    file.prepare("UPDATE approvals SET reason = 'Money needs a person'").run();
    file.close();
    expect(decide('approve', 'ab12').code).toBe(1);
    expect(decide('approve', fingerprint.toUpperCase()).code).toBe(0);
  });

  test('is needed: what was approved without it is a denial, and is shown as one', () => {
    const id = ask('unsigned.db', RENT);
    expect(run(['approvals', 'approve', id, '--by', 'ann', '--db', 'unsigned.db']).code).toBe(0);
    const { stdout } = run(['approvals', 'show', id, '--db', 'unsigned.db', '--config', 'signed.yaml']);
    expect(stdout).toMatch(/^state: +denied/m);
    expect(stdout).toContain('NOT SIGNED');
  });
});

describe('a note and a name', () => {
  const note = 'no\x1b[2J\x9b1A\n\u202eyes "} {"state":"approved\ud83d';
  const by = 'ann: yes, signed\u202e\u200b';

  test('act neither on a terminal nor on JSON, wherever they are printed', () => {
    const id = ask('words.db', RENT);
    const place = ['--db', 'words.db'];
    const said = [
      run(['approvals', 'deny', id, '--by', by, '--note', note, ...place]),
      run(['approvals', 'deny', id, '--by', by, ...place]),
      run(['approvals', 'deny', id, '--by', by, '--json', ...place]),
      ...[
        ['show', id],
        ['show', id, '--json'],
        ['list', '--state', 'all', '--json'],
      ].map((words) => run(['approvals', ...words, ...place])),
      run(['log', ...place]),
      run(['audit', 'export', '--records', ...place]),
    ];
    expect(said.map(({ code }) => code)).toEqual([0, 1, 1, 0, 0, 0, 0, 0]);
    for (const { stdout, stderr } of said) {
      expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\u202e\u200b]/u);
    }
    expect(said[0]?.stdout).toMatch(/^Denied by "ann: yes, signed\\u202e\\u200b": pay /);
    expect(json('approvals', 'show', id, ...place)).toMatchObject({ state: 'denied', decided_by: by });
    const listed = said[5]?.stdout.trim().split('\n') ?? [];
    expect(listed.map((line) => JSON.parse(line).state)).toEqual(['denied']);
  });

  test('of a name nothing is taken that breaks a line', () => {
    const id = ask('names.db', RENT);
    for (const bad of ['a\nb', 'a\u2028b', 'a\x1b', ' ', '\u200b', 'x'.repeat(201)]) {
      expect(run(['approvals', 'deny', id, '--by', bad, '--db', 'names.db']).code).toBe(1);
    }
  });
});

describe('approvals deny', () => {
  test('refuses the call with the note, which the model is shown', async () => {
    const id = ask('deny.db', RENT);
    const { code, stdout } = run(['approvals', 'deny', id, '--note', 'paid\x1b already', '--db', 'deny.db']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('told: paid\\x1b already') });
    expect((await paid('deny.db', RENT))[0]).toContain('already');
  });
});

describe('approvals grants', () => {
  test('shows what runs without asking, until it is revoked', async () => {
    const id = ask('grants.db', RENT);
    const words = ['approve', id, '--scope', 'call', '--minutes', '5', '--db', 'grants.db'];
    const { stdout } = run(['approvals', ...words]);
    const [, grant = ''] = /plyra-guard approvals revoke ([0-9a-f]{12})/.exec(stdout) ?? [];
    expect(await paid('grants.db', RENT, RENT)).toEqual(['pay rent: paid 500', 'pay rent: paid 500']);
    const listed = () => run(['approvals', 'grants', '--db', 'grants.db']).stdout;
    expect(listed()).toMatch(new RegExp(`^${grant} call +[45]m left +default pay, granted by ${ME} for`));
    expect(run(['approvals', 'revoke', grant, '--db', 'grants.db']).stdout).toContain(
      `Revoked grant ${grant}`,
    );
    expect(listed()).toBe('');
    expect(run(['approvals', 'grants', '--all', '--db', 'grants.db']).stdout).toContain(`revoked by ${ME}`);
    expect(run(['approvals', 'revoke', grant, '--db', 'grants.db']).code).toBe(1);
    expect(run(['approvals', 'revoke', '000000000000', '--db', 'grants.db']).code).toBe(1);
    expect((await paid('grants.db', RENT))[0]).toContain('was not run');
  });
});

describe('approvals revoke', () => {
  test('takes back a yes that no call has used yet, once', async () => {
    const id = ask('back.db', RENT);
    run(['approvals', 'approve', id, '--db', 'back.db']);
    const taken = run(['approvals', 'revoke', id, '--db', 'back.db']);
    expect(taken).toMatchObject({ code: 0, stdout: expect.stringContaining('Took back the yes to request') });
    expect((await paid('back.db', RENT))[0]).toContain('was not run');
    const again = run(['approvals', 'revoke', id, '--db', 'back.db']);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('is cancelled already') });
  });

  test('does not deny what is pending', () => {
    const id = ask('pending.db', RENT);
    const { code, stderr } = run(['approvals', 'revoke', id, '--db', 'pending.db']);
    expect(code).toBe(1);
    expect(stderr).toContain('is pending: deny it instead');
  });
});
