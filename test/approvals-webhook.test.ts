import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ActionEscalatedError, ActionGuard, type GuardOptions, Policy } from '../src/index.ts';
import { FakeClock } from '../src/testing/fake-clock.ts';
import { Receiver } from './webhook/receiver.ts';
import { SECRET } from './webhook/verify.ts';

const policy = () =>
  new Policy({
    defaultAction: 'allow',
    rules: [{ pattern: 'pay ', action: 'escalate', reason: 'Money needs a person', escalateTo: 'finance' }],
  });

function guardOf(url: string, options: GuardOptions = {}): ActionGuard {
  const guard = new ActionGuard({
    policy: policy(),
    snapshotPath: null,
    ...options,
    approvals: { ...options.approvals, webhook: { url, secret: SECRET, allowPrivate: true } },
  });
  onTestFinished(() => guard.close());
  return guard;
}

interface Payment {
  readonly text: string;
  readonly password?: string;
  readonly path?: string;
  readonly note?: string;
  readonly signal?: AbortSignal;
}

/** The request that a refused call waits for. */
function requestOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ActionEscalatedError) return error.approvalId ?? '';
    throw error;
  }
  throw new Error('it ran');
}

const waits = (guard: ActionGuard) => guard.wrap(async ({ text }: Payment) => `ran: ${text}`);
const refused = (guard: ActionGuard) => guard.wrap(({ text }: Payment) => `ran: ${text}`);

describe('a webhook for approvals', () => {
  it('is told of a request and of the decision on it, signed', async () => {
    const receiver = await Receiver.start();
    const guard = guardOf(receiver.url);
    const call = guard.withContext({ agentId: 'clerk', sessionId: 's-1' }, () =>
      waits(guard)({ text: 'pay rent' }),
    );
    const [requested] = await receiver.messages(1);
    expect(requested).toMatchObject({
      type: 'approval.requested',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      data: {
        state: 'pending',
        agent_id: 'clerk',
        session_id: 's-1',
        reason: 'Money needs a person',
        escalate_to: 'finance',
        shown: { parameters: { text: 'pay rent' } },
      },
    });
    guard.approvals.approve(String(requested?.data.id), { by: 'ann', note: 'fine, token=hunter2hunter2' });
    expect(await call).toBe('ran: pay rent');
    const [, decided] = await receiver.messages(2);
    expect(decided).toMatchObject({
      type: 'approval.decided',
      data: { id: requested?.data.id, state: 'approved', was: 'pending', decided_by: 'ann' },
    });
    expect(decided?.data).not.toHaveProperty('shown');
    expect(receiver.received[1]?.text).not.toContain('hunter2');
    await guard.flush();
    expect(guard.getMetrics()).toMatchObject({ webhooksDelivered: 2, webhooksFailed: 0, webhooksDropped: 0 });
    expect(guard.getMetrics().toPrometheus()).toContain('plyra_guard_webhooks_total{result="delivered"} 2\n');
  });

  it('is shown what an approver is shown: paths in clear, other secrets as type and length', async () => {
    const receiver = await Receiver.start();
    const guard = guardOf(receiver.url);
    const id = requestOf(() =>
      refused(guard)({
        text: 'pay rent',
        password: 'hunter2-is-it',
        path: '/home/ann/ghp_0123456789abcdefghijABCDEFGHIJ456789.txt',
        note: 'the key is AKIAIOSFODNN7EXAMPLE',
      }),
    );
    const approval = await guard.approvals.get(id);
    const [message] = await receiver.messages(1);
    expect(message?.data.shown).toEqual(approval?.shown);
    expect(message?.data.shown).toMatchObject({
      parameters: {
        password: '[text of 13 characters]',
        path: '/home/ann/ghp_0123456789abcdefghijABCDEFGHIJ456789.txt',
      },
    });
    expect(receiver.received[0]?.text).not.toMatch(/hunter2|AKIAIOSFODNN7EXAMPLE/);
  });

  it('is told of a denial with its note, of a withdrawal, and of what nobody decided in time', async () => {
    const receiver = await Receiver.start();
    const clock = new FakeClock();
    const guard = guardOf(receiver.url, { clock });
    const denied = requestOf(() => refused(guard)({ text: 'pay a' }));
    guard.approvals.deny(denied, { by: 'ann', note: 'paid already' });
    const stop = new AbortController();
    const withdrawn = waits(guard)({ text: 'pay b', signal: stop.signal }).catch(() => undefined);
    stop.abort();
    await withdrawn;
    const late = requestOf(() => refused(guard)({ text: 'pay c' }));
    await guard.flush();
    clock.advance(300_000);
    await guard.approvals.get(late);
    const told = (await receiver.messages(6)).filter(({ type }) => type === 'approval.decided');
    expect(told.map(({ data }) => [data.state, data.decided_by, data.note])).toEqual([
      ['denied', 'ann', 'paid already'],
      ['cancelled', null, null],
      ['expired', null, null],
    ]);
  });

  it('decides nothing by what it answers', async () => {
    const answer = JSON.stringify({ approved: true, state: 'approved', data: { approved: true } });
    const receiver = await Receiver.start((response) => response.end(answer));
    const guard = guardOf(receiver.url);
    const id = requestOf(() => refused(guard)({ text: 'pay rent' }));
    await guard.flush();
    expect(guard.getMetrics().webhooksDelivered).toBe(1);
    expect(await guard.approvals.get(id)).toMatchObject({ state: 'pending', votes: [] });
    expect(requestOf(() => refused(guard)({ text: 'pay rent' }))).toBe(id);
  });

  it('that fails changes no call and no decision; it is counted, and warned of once', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    onTestFinished(() => warn.mockRestore());
    const receiver = await Receiver.start((response) => response.writeHead(403).end());
    const guard = guardOf(receiver.url);
    for (const text of ['pay a', 'pay b', 'pay c']) {
      const id = requestOf(() => refused(guard)({ text }));
      await guard.approvals.approve(id, { by: 'ann' });
      expect(refused(guard)({ text })).toBe(`ran: ${text}`);
    }
    await guard.flush();
    expect(guard.getMetrics()).toMatchObject({ webhooksDelivered: 0, webhooksFailed: 6 });
    expect(warn.mock.calls).toEqual([
      [expect.stringContaining('it answered 403'), { type: 'PlyraGuardWarning', code: 'PLYRA_WEBHOOK' }],
    ]);
  });

  it('is told nothing by a guard that asks an escalationHandler only, for nothing is stored', async () => {
    const receiver = await Receiver.start();
    const guard = guardOf(receiver.url, { approvals: { via: 'callback' }, escalationHandler: () => true });
    expect(refused(guard)({ text: 'pay rent' })).toBe('ran: pay rent');
    await guard.close();
    expect(receiver.received).toEqual([]);
  });

  it('is told of both, in their order, where an escalationHandler decides at once', async () => {
    const receiver = await Receiver.start();
    const guard = guardOf(receiver.url, { escalationHandler: () => true });
    expect(refused(guard)({ text: 'pay rent' })).toBe('ran: pay rent');
    await guard.close();
    expect((await receiver.messages(2)).map(({ type }) => type)).toEqual([
      'approval.requested',
      'approval.decided',
    ]);
  });

  it('is told of the end of a request once, though two guards notice it', async () => {
    const receiver = await Receiver.start();
    const folder = mkdtempSync(join(tmpdir(), 'plyra-webhook-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const clock = new FakeClock(Date.now());
    const options = { snapshotPath: join(folder, 'journal.db'), clock };
    const [asking, other] = [guardOf(receiver.url, options), guardOf(receiver.url, options)];
    const id = requestOf(() => refused(asking)({ text: 'pay rent' }));
    await asking.flush();
    clock.advance(300_000);
    for (const guard of [other, asking])
      expect(await guard.approvals.get(id)).toMatchObject({ state: 'expired' });
    await Promise.all([asking.close(), other.close()]);
    expect((await receiver.messages(2)).map(({ data }) => data.state)).toEqual(['pending', 'expired']);
    expect(receiver.received).toHaveLength(2);
  });

  it('is another one after a reload, and none when it is taken out', async () => {
    const [first, second] = [await Receiver.start(), await Receiver.start()];
    const folder = mkdtempSync(join(tmpdir(), 'plyra-webhook-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'policy.yaml');
    const text = (webhook: string) => `default_action: allow
rules: [{pattern: 'pay ', action: escalate}]
storage: {path: ':memory:'}
approvals:
  webhook: ${webhook}
`;
    const hook = (url: string) => `{url: "${url}", secret: "${SECRET}", allow_private: true}`;
    writeFileSync(file, text(hook(first.url)));
    const guard = ActionGuard.fromConfig(file, { watch: true });
    onTestFinished(() => guard.close());
    const reloaded = async (webhook: string): Promise<void> => {
      const before = guard.policyStatus().revision;
      writeFileSync(file, text(webhook));
      await vi.waitUntil(() => guard.policyStatus().revision !== before, { timeout: 10_000 });
    };
    requestOf(() => refused(guard)({ text: 'pay a' }));
    await reloaded(hook(second.url));
    requestOf(() => refused(guard)({ text: 'pay b' }));
    await reloaded('null');
    requestOf(() => refused(guard)({ text: 'pay c' }));
    await guard.close();
    const said = async (receiver: Receiver) => (await receiver.messages(1)).map(({ data }) => data.shown);
    expect(await said(first)).toMatchObject([{ parameters: { text: 'pay a' } }]);
    expect(await said(second)).toMatchObject([{ parameters: { text: 'pay b' } }]);
  });
});

describe('closing a guard', () => {
  it('gives what is on its way five seconds, and gives it up then', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    onTestFinished(() => warn.mockRestore());
    const receiver = await Receiver.start(() => undefined);
    const clock = new FakeClock();
    const guard = guardOf(receiver.url, { clock });
    requestOf(() => refused(guard)({ text: 'pay rent' }));
    await receiver.until(1);
    const closed = guard.close();
    const isClosed = vi.fn();
    void closed.then(isClosed);
    await vi.waitUntil(() => {
      clock.advance(500);
      return isClosed.mock.calls.length > 0;
    });
    expect(guard.getMetrics()).toMatchObject({ webhooksDelivered: 0, webhooksFailed: 1 });
    expect(warn.mock.calls[0]?.[0]).toContain('no answer came in time');
  });
});
