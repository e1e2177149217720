import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ActionGuard, Policy } from '../../src/index.ts';
import { Receiver } from '../webhook/receiver.ts';
import { workspace } from './run-cli.ts';

const { folder, runAlongside: run } = workspace();
const ME = `cli:${userInfo().username}@${hostname()}`;
const PROGRAM = fileURLToPath(new URL('../rollback/compensating-process.ts', import.meta.url));

/** An agent on a journal of the folder, that books rooms. */
function agent(file: string, url = 'http://127.0.0.1:9/') {
  const guard = new ActionGuard({
    snapshotPath: join(folder, file),
    policy: new Policy({ rules: [], defaultAction: 'allow' }),
    config: { budget: { perTask: 1, perAgentPerRun: 100 } },
  });
  const compensate = (_intent: unknown, room: string) => ({ url: `${url}/${room}`, method: 'DELETE' });
  const book = guard.protect('room.book', { compensate, estimatedCost: 0.5 })(function book(room: string) {
    return room;
  });
  const look = guard.protect('room.list')(() => ['blue']);
  const mail = guard.protect('mail.send')((text: string) => text);
  const ids = (): string[] =>
    guard
      .getAuditLog()
      .map(({ actionId }) => actionId)
      .reverse();
  return { guard, book, look, mail, ids };
}

describe('rollback', () => {
  test('undoes an action by a part of its id, under the name of the user, and says so in the log', async () => {
    const receiver = await Receiver.start();
    const { guard, book, ids } = agent('one.db', receiver.url);
    book('blue');
    const [id = ''] = ids();
    const ran = await run(['rollback', id.slice(-12), '--yes', '--db', 'one.db']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('book of agent default: blue');
    expect(ran.stdout).toContain('undone     ');
    expect(receiver.received).toMatchObject([{ method: 'DELETE', path: '/hook/blue' }]);
    const [undoing, entry] = guard.getAuditLog();
    expect(undoing).toMatchObject({ actionType: 'rollback', principal: ME, parentActionId: id });
    expect(entry).toMatchObject({ rolledBack: true });
    await guard.close();
    expect((await run(['log', '--db', 'one.db'])).stdout).toContain('rolled back; ');
    expect((await run(['audit', 'verify', '--db', 'one.db'])).code).toBe(0);
    const again = await run(['rollback', id, '--yes', '--db', 'one.db']);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('was undone') });
    expect(receiver.received).toHaveLength(1);
  });

  test('asks nobody where there is no terminal: it refuses, and does nothing', async () => {
    const receiver = await Receiver.start();
    const { guard, book } = agent('ask.db', receiver.url);
    book('blue');
    expect(await run(['rollback', '--last', '--db', 'ask.db'])).toMatchObject({
      ...{ code: 2, stdout: '', stderr: expect.stringContaining('--dry-run, then add --yes') },
    });
    expect((await run(['rollback', '--last', '--json', '--db', 'ask.db'])).code).toBe(2);
    const dry = await run(['rollback', '--last', '--dry-run', '--db', 'ask.db']);
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('sends the request') });
    expect(receiver.received).toEqual([]);
    expect(guard.getAuditLog()).toHaveLength(1);
    await guard.close();
  });

  test('undoes a task, newest first, gives its money back, and says what it could not undo', async () => {
    const receiver = await Receiver.start();
    const { guard, book, look, mail } = agent('task.db', receiver.url);
    guard.withContext({ taskId: 't' }, () => {
      book('blue');
      look();
      book('red');
    });
    book('other');
    expect(await run(['rollback', '--task', 't', '--yes', '--db', 'task.db'])).toMatchObject({ code: 0 });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook/red', '/hook/blue']);
    expect(guard.withContext({ taskId: 't' }, () => book('green'))).toBe('green');
    guard.withContext({ taskId: 't' }, () => mail('too late'));
    const ran = await run(['rollback', '--task', 't', '--yes', '--json', '--db', 'task.db']);
    const { success, actions } = JSON.parse(ran.stdout);
    expect([ran.code, success]).toEqual([1, false]);
    expect(actions.map((one: Record<string, unknown>) => [one.intent, one.outcome, one.rolled_back])).toEqual(
      [
        ['green', 'works', true],
        ['red', 'done', true],
        ['blue', 'done', true],
        ['too late', 'impossible', false],
        ['', 'impossible', false],
      ],
    );
    expect((await run(['rollback', '--task', 'none', '--yes', '--db', 'task.db'])).code).toBe(2);
    await guard.close();
  });

  test('undoes the last actions, of one agent if asked, and stops at a failure if asked', async () => {
    const receiver = await Receiver.start((response, number) =>
      response.writeHead(number === 0 ? 500 : 204).end(),
    );
    const { guard, book } = agent('last.db', receiver.url);
    for (const agentId of ['a', 'b', 'a']) guard.withContext({ agentId }, () => book(agentId));
    const stopped = await run([
      'rollback',
      '--last',
      '2',
      '--agent',
      'a',
      '--on-failure',
      'stop',
      '--yes',
      '--db',
      'last.db',
    ]);
    expect(stopped).toMatchObject({ code: 1, stdout: expect.stringContaining('An action that ran later') });
    expect(stopped.stdout).toContain('answered with 500');
    expect(receiver.received).toHaveLength(1);
    expect((await run(['rollback', '--last', '9', '--yes', '--db', 'last.db'])).code).toBe(0);
    expect(receiver.received).toHaveLength(4);
    expect(await run(['rollback', '--last', '--yes', '--db', 'last.db'])).toMatchObject({
      ...{ code: 0, stdout: expect.stringContaining('no action that can be undone') },
    });
    await guard.close();
  });

  test('says which program has the handler that it does not have', async () => {
    const { guard } = agent('own.db');
    guard.registerRollbackHandler('row.*', { actionTypes: [], capture: () => ({}), restore: () => true });
    guard.protect('row.insert')((text: string) => text)('\x1b[2Jx');
    const ran = await run(['rollback', '--last', '--yes', '--db', 'own.db']);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain("registerRollbackHandler('row.insert'");
    expect(ran.stdout).toContain('\\x1b[2Jx');
    expect(ran.stdout).not.toContain('\x1b[2J');
    await guard.close();
  });

  test('finishes what a dead process had begun, when it is asked to', async () => {
    let count = 0;
    const receiver = await Receiver.start((response) => {
      if (count++ > 0) response.writeHead(204).end();
    });
    const child = spawn(process.execPath, [PROGRAM, join(folder, 'dead.db'), receiver.url], {
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    await receiver.until(1);
    child.kill('SIGKILL');
    await ended;
    const dry = await run(['rollback', '--last', '--dry-run', '--db', 'dead.db']);
    expect(dry.stderr).toContain('1 rollback of processes that are gone was broken off');
    expect(receiver.received).toHaveLength(1);
    expect(await run(['rollback', '--recover', '--db', 'dead.db'])).toMatchObject({
      ...{ code: 0, stdout: 'Finished 1 of 1 rollback.\n' },
    });
    const keys = receiver.received.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual([keys[0], keys[0]]);
    expect((await run(['rollback', '--recover', '--db', 'dead.db'])).stdout).toBe(
      'No rollback was broken off.\n',
    );
  });

  test.each<[readonly string[], RegExp]>([
    [[], /Say what to undo/],
    [['12345678', '--task', 't'], /Say what to undo/],
    [['--last', 'all', '--yes'], /--last takes a whole number/],
    [['--last', '0', '--yes'], /--last takes a whole number/],
    [['--task', 't', '--agent', 'a', '--yes'], /--agent goes with --last/],
    [['abc', '--yes'], /at least 8 characters/],
    [['--last', '--on-failure', 'explode'], /Allowed choices are/],
  ])('is used wrongly with %j', async (words, why) => {
    const { guard } = agent('usage.db');
    guard.protect('room.list')(() => 1)();
    await guard.close();
    expect(await run(['rollback', ...words, '--db', 'usage.db'])).toMatchObject({
      ...{ code: 2, stdout: '', stderr: expect.stringMatching(why) },
    });
  });

  test('does not know an action that is not there, nor a journal', async () => {
    const { guard } = agent('none.db');
    guard.protect('room.list')(() => 1)();
    await guard.close();
    const ran = await run(['rollback', '0123456789ab', '--yes', '--db', 'none.db']);
    expect(ran).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no action 0123456789ab'),
    });
    expect((await run(['rollback', '0123456789ab', '--yes', '--db', 'missing.db'])).code).toBe(1);
  });

  test('goes on where the money cannot be given back', async () => {
    const receiver = await Receiver.start();
    const { guard, book } = agent('money.db', receiver.url);
    guard.withContext({ taskId: 't' }, () => book('blue'));
    await guard.close();
    const database = new DatabaseSync(join(folder, 'money.db'));
    database.exec("CREATE TRIGGER stop BEFORE UPDATE ON limit_tasks BEGIN SELECT RAISE(ABORT, 'no'); END");
    database.close();
    const ran = await run(['rollback', '--last', '--yes', '--db', 'money.db']);
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining('could not be given back') });
  });
});
