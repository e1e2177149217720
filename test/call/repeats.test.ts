import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CallContext } from '../../src/call/context.ts';
import { RefusedIntents } from '../../src/call/refused-intents.ts';
import { makeWrap } from '../../src/call/wrap-tools.ts';
import { parseConfig } from '../../src/config/load.ts';
import { entryToWire } from '../../src/core/wire-entry.ts';
import type { ActionGuard } from '../../src/guard.ts';
import { Policy } from '../../src/policy/policy.ts';
import { Runtime } from '../../src/runtime.ts';
import { mixedGuard, openGuard } from './guards.ts';
import { cameOf, etc, RAN, remover, SPELLINGS, tries } from './repeated-tries.ts';

afterEach(() => vi.restoreAllMocks());

const SAID =
  'It was refused 3 times already in this session, and another spelling of it will not change that.';

describe('an intent that is blocked', () => {
  it('is told from the fourth try on, in whatever spelling, that another spelling will not help', () => {
    const guard = mixedGuard();
    const came = tries(remover(guard), SPELLINGS);
    expect(came.map(({ repeats }) => repeats)).toEqual([null, null, null, 4, 5]);
    expect(came[2]?.message).not.toContain('already');
    expect(came[3]).toMatchObject({
      ...{ name: 'ExecutionBlockedError', verdict: 'BLOCK', ruleName: 'block:^/etc/' },
      reason: `System files stay as they are. ${SAID}`,
      howToFix: 'Do not try it again in this session, in any spelling. Instead: use /tmp.',
      details: expect.objectContaining({ repeats: 4 }),
    });
    expect(came[4]?.reason).toContain('refused 4 times already');
  });

  it('is told to choose another way where the rule suggests nothing', () => {
    const policy = new Policy({ rules: [{ pattern: 'x', action: 'block' }] });
    const came = tries(remover(openGuard({ policy, approvals: { repeatLimit: 1 } })), ['x', 'x']);
    expect(came[1]).toMatchObject({
      reason: 'It was refused once already in this session, and another spelling of it will not change that.',
      howToFix:
        'Do not try it again in this session, in any spelling. Choose another way, or tell a person what you need it for.',
    });
  });

  it('has an entry that says so, on the wire and after a restart too', async () => {
    const snapshotPath = join(mkdtempSync(join(tmpdir(), 'plyra-')), 'journal.db');
    const guard = mixedGuard({ snapshotPath });
    tries(remover(guard), SPELLINGS);
    await guard.close();
    const again = mixedGuard({ snapshotPath });
    const entries = again.getAuditLog().toReversed();
    expect(entries.map(({ labels }) => labels)).toEqual([[], [], [], ['repeated'], ['repeated']]);
    const wire = entries.map(entryToWire);
    expect(wire[3]).toMatchObject({ labels: ['repeated'], verdict: 'BLOCK', state: 'refused' });
    expect(wire[3]?.reason).toContain(SAID);
    expect(again.approvals.list()).toEqual([]);
    await again.close();
  });

  it("is told by the value of `onBlock: 'return'` too", () => {
    const remove = mixedGuard().wrap((path: string): unknown => path, { onBlock: 'return' });
    const values = SPELLINGS.map((path) => remove(path));
    expect(values[2]).not.toHaveProperty('repeats');
    expect(values[3]).toMatchObject({ refused: true, retryable: false, repeats: 4 });
    expect(values[3]).toMatchObject({ message: expect.stringContaining(SAID) });
  });

  it('has its own number for each of several tries at the same time', async () => {
    const remove = mixedGuard().wrap(async (path: string) => path);
    const came = await Promise.all(etc(6).map((path) => cameOf(() => remove(path))));
    expect(came.map(({ repeats }) => repeats).sort()).toEqual([4, 5, 6, null, null, null]);
  });

  it('runs once the policy allows it, and is counted on where it is blocked again', () => {
    const policy = new Policy({ rules: [{ pattern: '^/etc/', action: 'block' }], defaultAction: 'allow' });
    const remove = remover(openGuard({ policy }));
    tries(remove, etc(4));
    policy.addRule({ pattern: '^/etc/', action: 'allow', name: 'for now' }, 0);
    expect(tries(remove, etc(1))).toEqual([RAN]);
    policy.addRule({ pattern: '^/etc/', action: 'warn', name: 'take care' }, 0);
    expect(tries(remove, etc(1))).toEqual([RAN]);
    policy.addRule({ pattern: '^/etc/', action: 'block', name: 'no more' }, 0);
    expect(tries(remove, etc(1))[0]).toMatchObject({ repeats: 5 });
  });
});

describe('refusals are counted', () => {
  const context: CallContext = { agentId: 'a', taskId: 't', sessionId: 's' };
  const inContext = (guard: ActionGuard, changed: CallContext, run: () => unknown): unknown =>
    guard.withContext({ ...context, ...changed }, run);

  it.each([
    ['agent', { agentId: 'b' }, null],
    ['session', { sessionId: 'r' }, null],
    ['task of a declared session', { taskId: 'u' }, 4],
    ['end user', { principal: 'ann' }, 4],
  ])('for each %s by itself, or not', (_what, changed, repeats) => {
    const guard = mixedGuard();
    const remove = remover(guard);
    inContext(guard, {}, () => tries(remove, etc(3)));
    expect(inContext(guard, changed, () => tries(remove, etc(1)))).toMatchObject([{ repeats }]);
    expect(inContext(guard, {}, () => tries(remove, etc(1)))).toMatchObject([
      { repeats: repeats === 4 ? 5 : 4 },
    ]);
  });

  it('for each task where no session is declared, and else for the process', () => {
    const guard = mixedGuard();
    const remove = remover(guard);
    const inTask = (taskId: string | undefined, run: () => unknown) => guard.withContext({ taskId }, run);
    inTask('t', () => tries(remove, etc(3)));
    expect(inTask('u', () => tries(remove, etc(1)))).toMatchObject([{ repeats: null }]);
    expect(tries(remove, etc(1))).toMatchObject([{ repeats: null }]);
    expect(inTask('t', () => tries(remove, etc(1)))).toMatchObject([{ repeats: 4 }]);
  });

  it('for each tool, each guard and each other intent by itself', () => {
    const guard = mixedGuard();
    tries(remover(guard), etc(3));
    const other = guard.wrap(function other(path: string) {
      return path;
    });
    expect(tries(other, etc(1))).toMatchObject([{ repeats: null }]);
    expect(tries(remover(mixedGuard()), etc(1))).toMatchObject([{ repeats: null }]);
    expect(tries(remover(guard), ['/etc/shadow'])).toMatchObject([{ repeats: null }]);
  });

  it('neither by dry runs, nor told in them', () => {
    const explained = (repeatLimit: number) => {
      const guard = mixedGuard({ approvals: { repeatLimit } });
      for (let i = 0; i < 5; i++)
        guard.evaluate({ actionType: 'tool.remove', parameters: { arg0: '/etc/passwd' } });
      tries(remover(guard), etc(4));
      const { reason, metadata } = guard.evaluate('/etc/passwd');
      expect([reason, metadata.repeats]).toEqual(['System files stay as they are', undefined]);
      const labels = guard.getAuditLog().map((entry) => entry.labels.length);
      return { labels, text: guard.explain('/etc/passwd').replaceAll(/\d+\.\d+ ms/g, '') };
    };
    const steered = explained(3);
    expect(steered.labels).toEqual([1, 0, 0, 0]);
    expect(steered.text).toBe(explained(0).text);
  });

  it('not at all in monitor mode', () => {
    const add = vi.spyOn(RefusedIntents.prototype, 'add');
    const guard = mixedGuard({ mode: 'monitor' });
    expect(tries(remover(guard), SPELLINGS)).toEqual(SPELLINGS.map(() => RAN));
    expect(guard.getAuditLog().flatMap(({ labels }) => labels)).toEqual([]);
    expect(add).not.toHaveBeenCalled();
  });

  it('not at all with `repeat_limit: 0`', () => {
    const add = vi.spyOn(RefusedIntents.prototype, 'add');
    const came = tries(remover(mixedGuard({ approvals: { repeatLimit: 0 } })), etc(6));
    expect(came.map(({ repeats }) => repeats)).toEqual([null, null, null, null, null, null]);
    expect(add).not.toHaveBeenCalled();
  });

  it('by the limit that is in force: a reload raises it', () => {
    const rules = 'rules: [{pattern: ^/etc/, action: block}]\n';
    const runtime = new Runtime({ snapshotPath: null }, parseConfig(`${rules}approvals: {repeat_limit: 1}`));
    const remove = makeWrap(runtime.services, () => false).wrap((path: string) => path);
    expect(tries(remove, etc(2)).map(({ repeats }) => repeats)).toEqual([null, 2]);
    runtime.reload(parseConfig(`${rules}approvals: {repeat_limit: 3}`));
    expect(tries(remove, etc(2)).map(({ repeats }) => repeats)).toEqual([null, 4]);
  });

  it('under names that tell nothing of the intent, and only where something is refused', () => {
    const methods = (['add', 'has', 'count', 'forget'] as const).map((name) =>
      vi.spyOn(RefusedIntents.prototype, name),
    );
    const guard = mixedGuard();
    const run = guard.wrap((path: string, token: string) => path + token);
    expect(tries((path) => run(path, 'hunter2'), ['/tmp/a'])).toEqual([RAN]);
    for (const method of methods) expect(method).not.toHaveBeenCalled();
    tries((path) => run(path, 'hunter2'), etc(2));
    const [add] = methods;
    const names = add?.mock.calls.flat() ?? [];
    expect(names).toHaveLength(4);
    for (const name of names) expect(name).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(names).size).toBe(2);
  });
});
