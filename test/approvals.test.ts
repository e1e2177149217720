import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  ActionDeferredError,
  ActionEscalatedError,
  ActionGuard,
  ExecutionBlockedError,
  type GuardOptions,
  Policy,
} from '../src/index.ts';

const policy = () =>
  new Policy({
    defaultAction: 'allow',
    rules: [
      { pattern: 'pay ', action: 'escalate', reason: 'Money needs a person', escalateTo: 'finance' },
      { pattern: '^backup ', action: 'defer', reason: 'Backups run at night', deferSeconds: 60 },
    ],
  });

const guardOf = (options: GuardOptions = {}): ActionGuard =>
  new ActionGuard({ policy: policy(), snapshotPath: null, ...options });

interface Payment {
  readonly text: string;
  readonly amount: number;
}

const pay = ({ text, amount }: Payment): string => `${text}: ${amount}`;

/** The request that a refused call waits for. */
function requestOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ActionEscalatedError || error instanceof ActionDeferredError)
      return error.approvalId ?? '';
    throw error;
  }
  throw new Error('it ran');
}

describe('a sync call that is escalated', () => {
  it('is refused with its request, and runs once when it is made again after approval', () => {
    const guard = guardOf();
    const tool = guard.wrap(pay);
    const call = () => tool({ text: 'pay rent', amount: 500 });
    const id = requestOf(call);
    expect(guard.approvals.get(id)).toMatchObject({
      state: 'pending',
      toolName: 'pay',
      escalateTo: 'finance',
    });
    expect(requestOf(call)).toBe(id);
    guard.approvals.approve(id, { by: 'ann' });
    expect(call()).toBe('pay rent: 500');
    expect(guard.approvals.get(id)).toMatchObject({ state: 'consumed', decidedBy: 'ann', shown: null });
    expect(requestOf(call)).not.toBe(id);
    expect(guard.getAuditLog({ outcome: 'ALLOW' })[0]?.approvalId).toBe(id);
  });

  it('that was denied is blocked, and the model is told why', () => {
    const guard = guardOf();
    const tool = guard.wrap(pay);
    const call = () => tool({ text: 'pay rent', amount: 500 });
    guard.approvals.deny(requestOf(call), { by: 'ann', note: 'paid already' });
    expect(call).toThrow(ExecutionBlockedError);
    expect(call).toThrow(/paid already/);
  });

  it('is judged again after approval: what blocks by now still blocks, and the approval is not lost', () => {
    const guard = guardOf();
    const tool = guard.wrap(pay);
    const call = () => tool({ text: 'pay rent', amount: 500 });
    const id = requestOf(call);
    guard.approvals.approve(id, { by: 'ann' });
    guard.addEvaluator({ name: 'closed', evaluate: () => ({ verdict: 'BLOCK', reason: 'closed' }) });
    expect(call).toThrow(/closed/);
    guard.removeEvaluator('closed');
    expect(call()).toBe('pay rent: 500');
  });

  it('by a rule that the person did not see is asked about again', () => {
    const guard = guardOf();
    const tool = guard.wrap(pay);
    const call = () => tool({ text: 'pay rent', amount: 500 });
    const id = requestOf(call);
    guard.approvals.approve(id, { by: 'ann' });
    guard.addEvaluator({ name: 'mail', evaluate: () => ({ verdict: 'ESCALATE', reason: 'Salary list' }) });
    expect(requestOf(call)).not.toBe(id);
  });
});

describe('a call that is put off', () => {
  it('stays so while its request is pending, and runs once when that was approved', () => {
    const guard = guardOf();
    const tool = guard.wrap((text: string) => `ran ${text}`);
    const call = () => tool('backup all');
    const id = requestOf(call);
    expect(call).toThrow(ActionDeferredError);
    guard.approvals.approve(id, { by: 'ann' });
    expect(call()).toBe('ran backup all');
    expect(call).toThrow(ActionDeferredError);
  });
});

describe('an async call', () => {
  it('waits, and goes on as soon as it is decided', async () => {
    const guard = guardOf();
    const tool = guard.wrap(async (payment: Payment) => pay(payment));
    const [first, second] = [tool({ text: 'pay a', amount: 1 }), tool({ text: 'pay b', amount: 2 })];
    const waiting = await waitingFor(guard, 2);
    const [b, a] = waiting;
    guard.approvals.deny(b?.id ?? '', { by: 'ann', note: 'no' });
    guard.approvals.approve(a?.id ?? '', { by: 'ann' });
    await expect(first).resolves.toBe('pay a: 1');
    await expect(second).rejects.toThrow(ExecutionBlockedError);
  });

  it('that is asked about twice leaves no approval behind by which it would run again', async () => {
    const guard = guardOf();
    const call = guard.wrap(async (input: Payment) => pay(input))({ text: 'pay rent', amount: 500 });
    for (const asked of ['first', 'second']) {
      await new Promise(setImmediate);
      const [request] = await guard.approvals.list({ state: 'pending' });
      if (asked === 'first')
        guard.addEvaluator({ name: 'mail', evaluate: () => ({ verdict: 'ESCALATE', reason: 'Salaries' }) });
      guard.approvals.approve(request?.id ?? '', { by: asked });
    }
    expect(await call).toBe('pay rent: 500');
    const all = await guard.approvals.list();
    expect(all.map(({ decidedBy, state }) => [decidedBy, state])).toEqual([
      ['second', 'consumed'],
      ['first', 'cancelled'],
    ]);
  });

  it('has what objects no more left out of what the next person decides on', async () => {
    const guard = guardOf();
    let objects = 'night';
    guard.addEvaluator({ name: 'hours', evaluate: () => ({ verdict: 'ESCALATE', reason: objects }) });
    const note = guard.wrap(async (text: string) => text);
    const call = note('hello');
    for (const now of ['holiday', 'holiday']) {
      await new Promise(setImmediate);
      const [request] = await guard.approvals.list({ state: 'pending' });
      objects = now;
      guard.approvals.approve(request?.id ?? '', { by: 'ann', scope: 'call' });
    }
    expect(await call).toBe('hello');
    const [later, first] = await guard.approvals.list();
    expect([later?.objections.length, first?.objections.length]).toEqual([1, 1]);
    expect(later?.objections).not.toEqual(first?.objections);
    await guard.close();
  });

  it('does not wait where the settings say so', async () => {
    const guard = guardOf({ approvals: { wait: false } });
    const tool = guard.wrap(async (payment: Payment) => pay(payment));
    await expect(tool({ text: 'pay a', amount: 1 })).rejects.toThrow(ActionEscalatedError);
  });

  it('ends when its caller does not want it any more', async () => {
    const guard = guardOf();
    const controller = new AbortController();
    const tool = guard.wrap(async ({ text }: { text: string; signal: AbortSignal }) => text);
    const call = tool({ text: 'pay a', signal: controller.signal });
    const [request] = await waitingFor(guard, 1);
    controller.abort();
    await expect(call).rejects.toThrow(/cancelled/);
    expect(guard.approvals.get(request?.id ?? '')).toMatchObject({ state: 'cancelled' });
  });
});

describe('a grant', () => {
  it('for this exact call lets it run again and again until it is revoked, and is named in every entry', () => {
    const guard = guardOf();
    const tool = guard.wrap(pay);
    const call = () => tool({ text: 'pay rent', amount: 500 });
    guard.approvals.approve(requestOf(call), { by: 'ann', scope: 'call', minutes: 5 });
    for (let i = 0; i < 3; i++) expect(call()).toBe('pay rent: 500');
    const [grant] = guard.approvals.grants() as readonly { id: string }[];
    expect(guard.getAuditLog({ outcome: 'ALLOW' }).map(({ grantId }) => grantId)).toContain(grant?.id);
    expect(() => tool({ text: 'pay rent', amount: 501 })).toThrow(ActionEscalatedError);
    guard.approvals.revoke(grant?.id ?? '', 'ann');
    expect(call).toThrow(ActionEscalatedError);
  });
});

describe('on disk', () => {
  it('a request outlives the guard that made it', async () => {
    const snapshotPath = join(mkdtempSync(join(tmpdir(), 'plyra-approvals-')), 'journal.db');
    const first = guardOf({ snapshotPath });
    const id = requestOf(() => first.wrap(pay)({ text: 'pay rent', amount: 500 }));
    await first.close();
    const operator = guardOf({ snapshotPath });
    operator.approvals.approve(id, { by: 'ann' });
    await operator.close();
    const second = guardOf({ snapshotPath });
    expect(second.wrap(pay)({ text: 'pay rent', amount: 500 })).toBe('pay rent: 500');
    expect(() => second.wrap(pay)({ text: 'pay rent', amount: 500 })).toThrow(ActionEscalatedError);
    await second.close();
  });
});

/** The pending requests, newest first, once there are so many. */
async function waitingFor(guard: ActionGuard, count: number): Promise<readonly { readonly id: string }[]> {
  for (;;) {
    const pending = await guard.approvals.list({ state: 'pending' });
    if (pending.length >= count) return pending;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
