import type { Limiter } from '../../limits/limiter.ts';
import type { SuiteTools } from '../suite-tools.ts';
import { CALL, reserved, type Start } from './setup.ts';

async function record(limiter: Limiter, agentId: string = CALL.agentId): Promise<unknown> {
  return (await limiter.facts({ ...CALL, agentId })).agent;
}

/** Agents' records. */
export function recordCases(start: Start, { it, expect }: SuiteTools): void {
  it('counts the actions of an agent, the failures of those that ran, and violations', async () => {
    const { limiter } = await start({});
    expect(await record(limiter)).toEqual({ actionCount: 0, errorRate: 0, violations: 0 });
    for (const what of ['ALLOW', 'WARN', 'ERROR', 'ALLOW', 'BLOCK', 'ESCALATE', 'DEFER'] as const) {
      await limiter.recordOutcome(CALL.agentId, what);
    }
    const all = { actionCount: 7, errorRate: 0.25, violations: 1 };
    expect(await record(limiter)).toEqual(all);
    await limiter.flush();
    expect(await record(limiter)).toEqual(all);
    expect(await record(limiter, 'other')).toEqual({ actionCount: 0, errorRate: 0, violations: 0 });
  });

  it('shows an outcome at once, whatever else happens meanwhile', async () => {
    const { limiter, clock } = await start({});
    for (let i = 1; i <= 200; i++) {
      await limiter.recordOutcome(CALL.agentId, i % 5 === 0 ? 'BLOCK' : 'ERROR');
      if (i % 7 === 0) await limiter.settle(await reserved(limiter, { cost: 0.01 }));
      if (i % 11 === 0) clock.advance(100);
      if (i % 50 === 0) await limiter.flush();
      expect(await record(limiter)).toEqual({
        actionCount: i,
        errorRate: i === 0 ? 0 : 1,
        violations: Math.floor(i / 5),
      });
    }
  });

  it('takes names of agents as data', async () => {
    const { limiter } = await start({});
    const names = ['__proto__', 'constructor', '', "'; DROP TABLE agents; --", 'a', 'é', 'e\u0301'];
    for (const [i, name] of names.entries()) {
      for (let times = 0; times <= i; times++) await limiter.recordOutcome(name, 'BLOCK');
    }
    for (const [i, name] of names.entries()) {
      expect(await record(limiter, name)).toEqual({ actionCount: i + 1, errorRate: 0, violations: i + 1 });
    }
  });

  it('keeps the record of a registered agent, however many names are made up', async () => {
    const { limiter } = await start({ isRegistered: (agentId) => agentId === 'kept' });
    await limiter.recordOutcome('kept', 'BLOCK');
    for (let i = 0; i < 10_050; i++) await limiter.recordOutcome(`made-up-${i}`, 'ALLOW');
    expect(await record(limiter, 'kept')).toEqual({ actionCount: 1, errorRate: 0, violations: 1 });
    expect(await record(limiter, 'made-up-10049')).toEqual({ actionCount: 1, errorRate: 0, violations: 0 });
  });
}
