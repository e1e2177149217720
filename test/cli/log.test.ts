import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { log } from '../../src/cli/commands/log.ts';
import { UsageError } from '../../src/cli/usage-error.ts';
import { attempt, guardedTools } from './guarded-tools.ts';
import { workspace } from './run-cli.ts';

const { folder, run, start } = workspace();
const at = (name: string): string => join(folder, name);
const PROGRAM = fileURLToPath(new URL('./guarded-process.ts', import.meta.url));

beforeAll(async () => {
  const { guard, run: tool } = guardedTools(at('log.db'));
  for (const command of ['one', 'hm', 'rm -rf /', 'boom', 'two\x1b[2J\nBLOCK']) attempt(() => tool(command));
  guard.withContext({ agentId: 'mailer', taskId: 't1', sessionId: 's1' }, () => tool('three'));
  await guard.close();
});

const intentsOf = (stdout: string): unknown[] =>
  stdout.split('\n').flatMap((line) => (line === '' ? [] : JSON.parse(line).intent));

describe('log', () => {
  test('shows a line an entry, newest last', () => {
    const { code, stdout, stderr } = run(['log', '--db', 'log.db']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(6);
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ALLOW {4}default +run +one /);
    expect(lines[2]).toMatch(/ BLOCK {4}default +run +rm -rf \/ +no-rm +-$/);
    expect(lines[3]).toMatch(/ ERROR {4}default +run +boom +disk full +[\d.]+ ms$/);
    expect(lines[4]).toContain('two\\x1b[2J\\nBLOCK');
    expect(lines[5]).toMatch(/ mailer +run +three /);
  });

  test('chooses by outcome, tool, agent, task, session, words and time, and cuts to the newest', () => {
    const chosen = (...options: readonly string[]) =>
      intentsOf(run(['log', '--db', 'log.db', '--json', ...options]).stdout);
    expect(chosen('--outcome', 'error')).toEqual(['boom']);
    expect(chosen('--tool', 'run', '--agent', 'mailer')).toEqual(['three']);
    expect(chosen('--task', 't1', '--session', 's1', '--since', '1h')).toEqual(['three']);
    expect(chosen('--search', 'thr')).toEqual(['three']);
    expect(chosen('--until', '1h')).toEqual([]);
    expect(chosen('--limit', '2')).toEqual(['two\x1b[2J\nBLOCK', 'three']);
  });

  test.each([
    [{ outcome: 'no' }, '--outcome takes one of'],
    [{ limit: '0' }, '--limit takes a whole number'],
    [{ limit: '10001' }, 'audit export'],
    [{ until: 'tomorrow' }, '--until takes a time'],
  ])('%j is a wrong use of it', async (options, message) => {
    await expect(log({ db: at('log.db'), ...options })).rejects.toThrow(UsageError);
    await expect(log({ db: at('log.db'), ...options })).rejects.toThrow(message);
  });

  test('--help says what --follow shows when', () => {
    expect(run(['log', '--help']).stdout).toMatch(/With --follow a call is shown when it has ended/);
  });
});

describe('log --follow', () => {
  test('shows what another process does, and ends by Ctrl-C without a complaint', async () => {
    const { run: tool, guard } = guardedTools(at('follow.db'));
    tool('before');
    const following = start(['log', '--follow', '--db', 'follow.db']);
    await following.until('before');
    tool('after that');
    await following.until('after that');
    attempt(() => tool('rm it'));
    await following.until('no-rm');
    const { code, stdout, stderr } = await following.stop('SIGINT');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
    await guard.close();
  });

  test('shows a call when it waits for a person, and again when it has ended; with a filter only what it asks for', async () => {
    const { run: tool, guard, ask, settle } = guardedTools(at('wait.db'));
    tool('first');
    const all = start(['log', '--follow', '--json', '--db', 'wait.db']);
    const some = start(['log', '--follow', '--json', '--tool', 'ask', '--search', 'may', '--db', 'wait.db']);
    await all.until('first');
    const asked = ask('may I');
    await all.until('"state":"waiting"');
    await some.until('"state":"waiting"');
    settle(true);
    await asked;
    tool('last');
    await all.until('"intent":"last"');
    const states = async (running: typeof all) =>
      (await running.stop()).stdout
        .trimEnd()
        .split('\n')
        .map((line) => [JSON.parse(line).intent, JSON.parse(line).state]);
    expect(await states(all)).toEqual([
      ['first', 'done'],
      ['may I', 'waiting'],
      ['may I', 'done'],
      ['last', 'done'],
    ]);
    await some.until('"state":"done"');
    expect(await states(some)).toEqual([
      ['may I', 'waiting'],
      ['may I', 'done'],
    ]);
    await guard.close();
  });

  test('shows a call whose process died in it, which no record tells', async () => {
    const agent = spawn(process.execPath, [PROGRAM, at('die.db')], { stdio: ['pipe', 'pipe', 'inherit'] });
    onTestFinished(() => {
      agent.kill('SIGKILL');
    });
    await once(agent.stdout, 'data');
    agent.stdin.write('alive\n');
    await once(agent.stdout, 'data');
    const following = start(['log', '--follow', '--db', 'die.db']);
    await following.until('alive');
    agent.stdin.write('die\n');
    expect(await following.until('INTERRUPTED')).toMatch(/ INTERRUPTED default +die +now /);
    expect((await following.stop()).stdout.trimEnd().split('\n')).toHaveLength(2);
    expect(run(['log', '--db', 'die.db']).stdout).toContain('INTERRUPTED');
  });
});
