import { describe, expect, it } from 'vitest';
import { mixedGuard, openGuard } from './guards.ts';

describe('monitor mode', () => {
  it('lets everything run, and journals what would have been decided', async () => {
    const guard = mixedGuard({ mode: 'monitor' });
    const call = guard.wrap((what: string) => `ran ${what}`);
    expect(call('/etc/passwd')).toBe('ran /etc/passwd');
    expect(await guard.wrap(async (what: string) => what)('pay 5')).toBe('pay 5');
    const [pay, etc] = guard.getAuditLog();
    expect(etc).toMatchObject({
      ...{ mode: 'monitor', wouldVerdict: 'BLOCK', verdict: 'BLOCK', outcome: 'ALLOW', state: 'done' },
      ...{ reason: 'System files stay as they are', ruleName: 'block:^/etc/' },
    });
    expect(pay).toMatchObject({ wouldVerdict: 'ESCALATE', outcome: 'ALLOW' });
    expect(guard.getMetrics()).toMatchObject({ blockedActions: 1, escalatedActions: 1 });
  });

  it('asks nobody', () => {
    let asked = 0;
    const guard = mixedGuard({ mode: 'monitor', escalationHandler: () => ++asked > 0 });
    guard.wrap((what: string) => what)('pay 5');
    expect(asked).toBe(0);
  });

  it('lets a call run whose arguments cannot be judged, with the very arguments', () => {
    const guard = openGuard({ mode: 'monitor' });
    const loop: unknown[] = [];
    loop.push(loop);
    expect(guard.wrap((list: unknown) => list)(loop)).toBe(loop);
    expect(guard.getAuditLog()[0]).toMatchObject({ wouldVerdict: 'BLOCK', state: 'done' });
  });

  it('lets a call run when an evaluator or the limiter fails', () => {
    const guard = openGuard({ mode: 'monitor' });
    guard.addEvaluator({ name: 'odd', evaluate: () => null as never });
    expect(guard.wrap(() => 'ran')()).toBe('ran');
    guard.registerAgent('worker', 1, { maxActionsPerRun: 1 });
    const call = guard.wrap(() => 'ran');
    guard.withContext({ agentId: 'worker' }, () => expect([call(), call()]).toEqual(['ran', 'ran']));
    expect(guard.getAuditLog()[0]?.wouldVerdict).toBe('BLOCK');
  });

  it('still tells ERROR when the tool throws', () => {
    const guard = openGuard({ mode: 'monitor' });
    const fail = guard.wrap(() => {
      throw new Error('disk full');
    });
    expect(() => fail()).toThrow('disk full');
    expect(guard.history()[0]?.outcome).toBe('ERROR');
  });

  it('says nothing of itself in enforce mode', () => {
    const guard = mixedGuard();
    guard.wrap((what: string) => what)('/tmp/a');
    expect(guard.getAuditLog()[0]).toMatchObject({ mode: 'enforce', wouldVerdict: null });
  });
});
