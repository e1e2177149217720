import { createPublicKey } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { shownHash } from '../../src/approvals/signature.ts';
import {
  ActionEscalatedError,
  ActionGuard,
  type Approval,
  ApprovalError,
  type GrantScope,
  Policy,
} from '../../src/index.ts';
import { Signer } from './queue-scene.ts';

/** What the agent wants, and what somebody who can write to the database has the approver see in its place. */
const EVIL = { text: 'pay eve', amount: 9_000 };
const HARMLESS = { intent: 'pay rent', parameters: { amount: 1, text: 'pay rent' } };

const ann = new Signer('ann');
const publicKey = createPublicKey(ann.publicKey).export({ format: 'der', type: 'spki' }).toString('base64');
const approvers = [{ id: 'ann', public_key: publicKey, lists: ['finance'] }];

/** A journal's file, guards on it, and who edits it behind their backs. */
function scene() {
  const path = join(mkdtempSync(join(tmpdir(), 'plyra-shown-')), 'journal.db');
  const guardWith = (config: Readonly<Record<string, unknown>>) => {
    const guard = new ActionGuard({
      snapshotPath: path,
      config: { approvers, ...config } as never,
      policy: new Policy({
        defaultAction: 'allow',
        rules: [
          {
            pattern: '^pay ',
            action: 'escalate',
            name: 'money',
            reason: 'Money needs a person',
            escalateTo: 'finance',
          },
        ],
      }),
    });
    onTestFinished(() => guard.close());
    const ran: number[] = [];
    const pay = ({ amount }: typeof EVIL): number => ran.push(amount);
    const tools = { pay: guard.wrap(pay), wait: guard.wrap(async (payment: typeof EVIL) => pay(payment)) };
    return { guard, ran, ...tools };
  };
  const guard = (config: Readonly<Record<string, unknown>> = {}) => guardWith(config);
  const edit = (columns: Readonly<Record<string, string | number | null>>): void => {
    const file = new DatabaseSync(path);
    const sets = Object.keys(columns).map((column) => `${column} = ?`);
    file.prepare(`UPDATE approvals SET ${sets.join(', ')}`).run(...Object.values(columns));
    file.close();
  };
  return { guard, edit };
}

type Guard = ReturnType<ReturnType<typeof scene>['guard']>['guard'];

async function pendingOf(guard: Guard): Promise<Approval> {
  for (;;) {
    const [request] = await guard.approvals.list({ state: 'pending' });
    if (request !== undefined) return request;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Ann signs what she is shown, and nothing else. */
async function approve(guard: Guard, scope: GrantScope = 'once'): Promise<Approval> {
  const request = await pendingOf(guard);
  const { signature } = ann.says(request, { scope });
  return guard.approvals.approve(request.id, { by: 'ann', scope, signature: signature ?? '' });
}

const fake = JSON.stringify(HARMLESS);
const EDITS = {
  'what is shown, and its hash': { shown: fake, shown_hash: shownHash(HARMLESS) },
  'what is shown': { shown: fake },
  'the hash of what is shown': { shown_hash: shownHash(HARMLESS) },
  'the reason': { reason: 'Ann asked for it herself' },
  'the rule': { rule_name: 'harmless' },
  'the tool': { tool_name: 'read_file' },
  'the action type': { action_type: 'file.read' },
  'the agent': { agent_id: 'somebody-else' },
  'the task': { task_id: 'spring cleaning' },
  'the session': { session_id: 'yesterday' },
  'who may decide': { escalate_to: null },
  'the verdict': { verdict: 'DEFER' },
  'the digest': { digest: 'f'.repeat(64) },
} as const;
const ALL = Object.entries(EDITS);

describe('a call that waits', () => {
  it('runs by a signed approval of what was shown', async () => {
    const { guard } = scene();
    const agent = guard();
    const call = agent.wait(EVIL);
    await approve(guard().guard);
    await expect(call).resolves.toBe(1);
  });

  it.each(ALL)('does not run where somebody changed %s before it was signed', async (_what, columns) => {
    const { guard, edit } = scene();
    const agent = guard();
    const call = agent.wait(EVIL);
    call.catch(() => undefined);
    const { id } = await pendingOf(agent.guard);
    edit(columns);
    try {
      await approve(guard().guard);
      await expect(call).rejects.toThrow(/what it shows is not this call.*changed it in the database/);
    } catch (error) {
      // What the approver saw did not fit its hash, so no signature of it is taken.
      if (!(error instanceof ApprovalError)) throw error;
      expect(error.details.problem).toBe('changed');
      await agent.guard.approvals.deny(id, { by: 'ann', ...signedNo(agent.guard, id) });
      await expect(call).rejects.toThrow(/denied/);
    }
    expect(agent.ran).toEqual([]);
  });

  it.each(ALL)('runs by no approval under which somebody changed %s', async (_what, columns) => {
    const { guard, edit } = scene();
    const [agent, again] = [guard(), guard()];
    expect(() => agent.pay(EVIL)).toThrow(ActionEscalatedError);
    await approve(guard().guard);
    edit(columns);
    expect(() => again.pay(EVIL)).toThrow();
    expect(again.ran).toEqual([]);
  });
});

function signedNo(guard: Guard, id: string): { signature: string } {
  const request = guard.approvals.get(id) as Approval;
  return { signature: ann.says(request, { approved: false }).signature ?? '' };
}

describe('a call that is made again', () => {
  it('runs by a signed approval of what was shown, once', async () => {
    const { guard } = scene();
    expect(() => guard().pay(EVIL)).toThrow(ActionEscalatedError);
    await approve(guard().guard);
    const again = guard();
    expect(again.pay(EVIL)).toBe(1);
    expect(() => again.pay(EVIL)).toThrow(ActionEscalatedError);
  });

  it.each(ALL)('does not run where somebody changed %s before it was signed', async (_what, columns) => {
    const { guard, edit } = scene();
    expect(() => guard().pay(EVIL)).toThrow(ActionEscalatedError);
    edit(columns);
    await approve(guard().guard).catch((error) => expect(error.details.problem).toBe('changed'));
    const again = guard();
    expect(() => again.pay(EVIL)).toThrow(ActionEscalatedError);
    expect(again.ran).toEqual([]);
  });

  it('is asked about again where other things are hidden by now, and the approver is told why', async () => {
    const { guard } = scene();
    expect(() => guard().pay(EVIL)).toThrow(ActionEscalatedError);
    const { id } = await approve(guard().guard);
    const later = guard({ redaction: { keys: ['amount'] } });
    expect(() => later.pay(EVIL)).toThrow(`asked again: what request ${id} shows is not what`);
    const asked = await pendingOf(later.guard);
    expect(asked.reason).toContain(`(asked again: what request ${id} shows`);
    expect(asked.shown?.parameters).toEqual({ amount: '[number]', text: 'pay eve' });
    await approve(later.guard);
    expect(later.pay(EVIL)).toBe(1);
  });

  it('takes over no request that shows something else', async () => {
    const { guard, edit } = scene();
    expect(() => guard().pay(EVIL)).toThrow(ActionEscalatedError);
    edit(EDITS['what is shown, and its hash']);
    const again = guard();
    expect(() => again.pay(EVIL)).toThrow(/asked again/);
    const requests = await again.guard.approvals.list({ state: 'pending' });
    expect(requests.map(({ shown }) => shown?.intent)).toEqual(['pay eve', 'pay rent']);
  });
});

describe('a grant', () => {
  it('lets the call run again and again that was shown', async () => {
    const { guard } = scene();
    expect(() => guard().pay(EVIL)).toThrow(ActionEscalatedError);
    await approve(guard().guard, 'call');
    const again = guard();
    for (let i = 1; i <= 3; i++) expect(again.pay(EVIL)).toBe(i);
  });

  it.each(ALL)('lets nothing run where somebody changed %s before it was signed', async (_what, columns) => {
    const { guard, edit } = scene();
    expect(() => guard().pay(EVIL)).toThrow(ActionEscalatedError);
    edit(columns);
    await approve(guard().guard, 'call').catch((error) => expect(error.details.problem).toBe('changed'));
    const again = guard();
    expect(() => again.pay(EVIL)).toThrow(ActionEscalatedError);
    expect(again.ran).toEqual([]);
  });

  it.each(ALL)('lets nothing run under which somebody changed %s', async (_what, columns) => {
    const { guard, edit } = scene();
    expect(() => guard().pay(EVIL)).toThrow(ActionEscalatedError);
    await approve(guard().guard, 'call');
    const again = guard();
    expect(again.pay(EVIL)).toBe(1);
    edit(columns);
    expect(() => again.pay(EVIL)).toThrow(ActionEscalatedError);
    expect(again.ran).toEqual([9_000]);
  });
});

describe('without signatures', () => {
  it('nothing tells what the approver saw, and nothing is compared', async () => {
    const { guard, edit } = scene();
    const unsigned = { approvers: [] };
    const agent = guard(unsigned);
    expect(() => agent.pay(EVIL)).toThrow(ActionEscalatedError);
    edit(EDITS['what is shown, and its hash']);
    const { id } = await pendingOf(agent.guard);
    agent.guard.approvals.approve(id, { by: 'ann' });
    expect(agent.pay(EVIL)).toBe(1);
  });
});
