import type { SuiteTools } from '../suite-tools.ts';
import { CALL, outcome, rates, refused, reserved, type Start, UNLIMITED } from './setup.ts';

/** Exact windows. */
export function rateCases(start: Start, { it, expect }: SuiteTools): void {
  it('allows as many calls in a window as the rate says, and not one more', async () => {
    const { limiter, clock } = await start(rates('2/sec'));
    expect(await outcome(limiter)).toBe(true);
    clock.advance(900);
    expect(await outcome(limiter)).toBe(true);
    expect(await outcome(limiter)).toBe('rate_limiter');
    clock.advance(99);
    expect(await outcome(limiter)).toBe('rate_limiter');
    clock.advance(1);
    expect(await outcome(limiter)).toBe(true);
    clock.advance(899);
    expect(await outcome(limiter)).toBe('rate_limiter');
  });

  it('says which limit refused, and when there is room again', async () => {
    const { limiter, clock } = await start(rates('1/min'));
    await reserved(limiter);
    clock.advance(20_000);
    const { metadata } = await refused(limiter);
    expect([metadata.limit, metadata.scope, metadata.retryAfterMs]).toEqual(['1/min', 'default', 40_000]);
    const [fact] = (await limiter.facts(CALL)).rates;
    expect([fact?.count, fact?.max, fact?.windowMs]).toEqual([1, 1, 60_000]);
  });
}

/** What is counted, and when. */
export function countingCases(start: Start, { it, expect }: SuiteTools): void {
  it('is not fooled by a clock that goes back', async () => {
    const { limiter, clock } = await start(rates('1/sec'));
    await reserved(limiter);
    clock.advance(-500_000);
    expect(await outcome(limiter)).toBe('rate_limiter');
    clock.advance(500_999);
    expect(await outcome(limiter)).toBe('rate_limiter');
    clock.advance(1);
    expect(await outcome(limiter)).toBe(true);
  });

  it('counts nothing when facts are read or a call is refused', async () => {
    const { limiter, clock } = await start(rates('1/sec'));
    for (let i = 0; i < 5; i++) await limiter.facts(CALL);
    await reserved(limiter);
    clock.advance(500);
    await refused(limiter);
    clock.advance(500);
    expect(await outcome(limiter)).toBe(true);
  });

  it('counts the calls of the last five minutes by agent', async () => {
    const { limiter, clock } = await start({});
    await reserved(limiter);
    await reserved(limiter, { toolName: 'other' });
    await reserved(limiter, { agentId: 'other' });
    clock.advance(299_999);
    expect((await limiter.facts(CALL)).rateLast5Min).toBe(2);
    clock.advance(10_000);
    expect((await limiter.facts(CALL)).rateLast5Min).toBe(0);
  });
}

/** Which rate covers a call. */
export function scopeCases(start: Start, { it, expect }: SuiteTools): void {
  it('counts the default for each agent by itself, over all tools', async () => {
    const { limiter } = await start(rates('1/min'));
    await reserved(limiter);
    expect(await outcome(limiter, { toolName: 'other' })).toBe('rate_limiter');
    expect(await outcome(limiter, { agentId: 'other' })).toBe(true);
  });

  it('counts a tool over all agents, and an agent over all tools, and both hold', async () => {
    const { limiter } = await start(rates(null, { send_mail: '2/min' }, { worker: '3/min' }));
    await reserved(limiter);
    await reserved(limiter, { agentId: 'other' });
    expect((await refused(limiter)).metadata.scope).toBe('tool:send_mail');
    await reserved(limiter, { toolName: 'read' });
    await reserved(limiter, { toolName: 'write' });
    expect((await refused(limiter, { toolName: 'read' })).metadata.scope).toBe('agent:worker');
  });

  it('takes the default only where neither the tool nor the agent has a rate', async () => {
    const { limiter } = await start(rates('1/min', { send_mail: '2/min' }));
    await reserved(limiter);
    await reserved(limiter);
    expect(await outcome(limiter, { toolName: 'read' })).toBe(true);
    expect(await outcome(limiter, { toolName: 'read' })).toBe('rate_limiter');
  });

  it('takes an exact name before a prefix, and a longer prefix before a shorter one', async () => {
    const { limiter } = await start(rates(null, { 'send_*': '2/min', '*': '3/min', send_mail: '1/min' }));
    await reserved(limiter);
    expect((await refused(limiter)).metadata.limit).toBe('1/min');
    for (const toolName of ['send_text', 'send_fax']) {
      await reserved(limiter, { toolName });
      await reserved(limiter, { toolName });
      expect((await refused(limiter, { toolName })).metadata.limit).toBe('2/min');
    }
    const [fact] = (await limiter.facts({ ...CALL, toolName: 'read' })).rates;
    expect([fact?.limit, fact?.scope]).toEqual(['3/min', 'tool:read']);
  });
}

/** Names as data, and limits put in force later. */
export function configureCases(start: Start, { it, expect }: SuiteTools): void {
  it('takes names as data: __proto__ and constructor have no rate unless one is written', async () => {
    const { limiter } = await start(rates('5/min', { constructor: '1/min' }));
    await reserved(limiter, { toolName: 'constructor' });
    expect(await outcome(limiter, { toolName: 'constructor' })).toBe('rate_limiter');
    const [fact] = (await limiter.facts({ ...CALL, toolName: '__proto__' })).rates;
    expect(fact?.limit).toBe('5/min');
  });

  it('keeps counts when other limits are put in force', async () => {
    const { limiter } = await start(rates('5/min'));
    for (let i = 0; i < 3; i++) await reserved(limiter);
    limiter.configure({ ...UNLIMITED, ...rates('3/min') });
    expect(await outcome(limiter)).toBe('rate_limiter');
    limiter.configure(UNLIMITED);
    expect(await outcome(limiter)).toBe(true);
  });

  it('refuses limits that cannot be read, and keeps those in force', async () => {
    const { limiter } = await start(rates('1/min'));
    const wrong = [
      rates('60/fortnight'),
      rates('-1/min'),
      { budget: { perTask: Number.NaN, perAgentPerRun: 1 } },
    ];
    for (const limits of wrong) {
      let thrown = 'nothing';
      try {
        limiter.configure({ ...UNLIMITED, ...limits });
      } catch (error) {
        thrown = error instanceof Error ? error.name : 'garbage';
      }
      expect(thrown).toBe('ConfigValidationError');
    }
    await reserved(limiter);
    expect(await outcome(limiter)).toBe('rate_limiter');
  });
}
