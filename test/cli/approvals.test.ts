import { beforeAll, describe, expect, test } from 'vitest';
import { approvalsList } from '../../src/cli/commands/approvals-list.ts';
import { UsageError } from '../../src/cli/usage-error.ts';
import { approvalsScene } from './approvals-scene.ts';
import { attempt } from './guarded-tools.ts';
import { ACTING } from './sample-journal.ts';

const { folder, run, start, json, agent, ask } = approvalsScene();
const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');
let rent = '';
let evil = '';

beforeAll(async () => {
  const { guard, pay } = agent('log.db');
  attempt(() => pay({ text: 'look', amount: 1 }));
  await guard.close();
  rent = ask('log.db', { text: 'pay rent', amount: 500 }, { sessionId: 's1' });
  evil = ask('log.db', { text: 'pay \x1b[2J\n\u202eeve', amount: 1 }, { agentId: 'm\x9bail' });
});

describe('approvals list', () => {
  test('shows a line a pending request, newest last, of which nothing acts on a terminal', () => {
    const { code, stdout, stderr } = run(['approvals', 'list', '--db', 'log.db']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [first = '', second = '', ...more] = linesOf(stdout);
    expect(more).toEqual([]);
    expect(first).toMatch(/^[0-9a-f]{12} +\d+s ago [45]m left +default +pay +pay rent +money$/);
    expect(first.slice(0, 12)).toBe(rent.slice(-12));
    expect(second).toContain('\\x1b[2J\\n\\u202eeve');
    expect(second).toContain('m\\x9bail');
    for (const acting of ACTING) expect(stdout).not.toContain(acting);
  });

  test('cuts to the newest, chooses by state, and prints an object a line', () => {
    const listed = (...options: readonly string[]) =>
      linesOf(run(['approvals', 'list', '--db', 'log.db', '--json', ...options]).stdout).map((line) =>
        JSON.parse(line),
      );
    expect(listed('--limit', '1').map(({ id }) => id)).toEqual([evil]);
    expect(listed('--state', 'all')).toHaveLength(2);
    expect(listed('--state', 'denied')).toEqual([]);
    expect(listed()[0]).toMatchObject({
      ...{ id: rent, state: 'pending', agent_id: 'default', escalate_to: 'finance' },
      shown: { parameters: { text: 'pay rent', amount: 500 } },
    });
  });

  test.each(['0', '10001', 'x'])('--limit %s is a wrong use', async (limit) => {
    await expect(approvalsList({ db: `${folder}/log.db`, limit })).rejects.toThrow(UsageError);
  });

  test('knows its states', () => {
    expect(run(['approvals', 'list', '--db', 'log.db', '--state', 'open']).code).toBe(2);
  });

  test('--watch shows what comes, and what became of it, until Ctrl-C', async () => {
    const first = ask('watch.db', { text: 'pay one', amount: 1 });
    const watching = start(['approvals', 'list', '--watch', '--db', 'watch.db']);
    await watching.until(first.slice(-12));
    const second = ask('watch.db', { text: 'pay two', amount: 2 });
    await watching.until(second.slice(-12));
    expect(run(['approvals', 'deny', second, '--db', 'watch.db']).code).toBe(0);
    await watching.until('denied');
    const { code, stdout, stderr } = await watching.stop('SIGINT');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(linesOf(stdout).map((line) => line.slice(0, 12))).toEqual(
      [first, second, second].map((id) => id.slice(-12)),
    );
  });
});

describe('approvals show', () => {
  test('tells the exact call, why it waits, what a yes lets happen and what the agent did before', () => {
    const { code, stdout } = run(['approvals', 'show', rent, '--db', 'log.db']);
    expect(code).toBe(0);
    expect(stdout).toContain('parameters:\n  {\n    "amount": 500,\n    "text": "pay rent"\n  }\n');
    for (const line of [
      /^request: +[0-9a-f-]{36} \(ESCALATE\)$/m,
      /^state: +pending, [45]m left \(until 20/m,
      /^tool: +pay \(action type /m,
      /^agent: +default$/m,
      /^session: +s1$/m,
      /^rule: +money$/m,
      /^reason: +Money needs a person$/m,
      /^escalate to: finance$/m,
      /^quorum: +1 person must say yes, nobody has voted$/m,
      / --scope once +exactly this call, once .* has to make it again before /,
      / --scope session +it again and again in this session/,
      /^the agent's last actions:\n {2}20.* ALLOW +default +pay +/m,
    ])
      expect(stdout).toMatch(line);
  });

  test('finds a request by the beginning or the end of its id, and takes none where several fit', () => {
    const shown = (...words: readonly string[]) => run(['approvals', 'show', ...words, '--db', 'log.db']);
    expect(shown(evil.slice(-8).toUpperCase()).stdout).toContain(`request:     ${evil} `);
    expect(shown(rent.slice(0, 30)).stdout).toContain(`request:     ${rent} `);
    const both = rent.slice(0, 8);
    expect(shown(both)).toMatchObject({ code: 2, stderr: expect.stringContaining('2 requests have') });
    const short = rent.slice(-7);
    expect(shown(short)).toMatchObject({ code: 2, stderr: expect.stringContaining('at least 8') });
    expect(shown('00000000')).toMatchObject({ code: 1, stderr: expect.stringContaining('no request') });
    expect(JSON.parse(shown('00000000', '--json').stdout).error.code).toBe('APPROVAL');
  });

  test('shows nothing that acts on a terminal', () => {
    const { stdout } = run(['approvals', 'show', evil, '--db', 'log.db']);
    expect(stdout).toContain('"text": "pay \\u001b[2J\\n\\u202eeve"');
    for (const acting of ACTING) expect(stdout).not.toContain(acting);
    expect(json('approvals', 'show', evil, '--db', 'log.db').recent).toEqual([]);
  });
});
