import type { LimitCall } from '../../limits/limiter.ts';
import type { SuiteTools } from '../suite-tools.ts';
import { CALL, outcome, type Start } from './setup.ts';

/** What is no id, and what its refusal says. */
const NO_IDS: readonly (readonly [unknown, RegExp])[] = [
  [7, /must be a text/],
  [undefined, /must be a text/],
  [{ toString: () => 'task' }, /must be a text/],
  [['task'], /must be a text/],
  ['half \ud83d', /half a character or a NUL/],
  ['a\0b', /half a character or a NUL/],
  ['x'.repeat(1_001), /1001 characters/],
];

/** Ids that cannot be counted. */
export function idCases(start: Start, { it, expect }: SuiteTools): void {
  it('refuses ids that are no text, that a database would change, or that are too long', async () => {
    const { limiter } = await start({ budget: { perTask: 1, perAgentPerRun: 1 } });
    const said: unknown[] = [];
    const expected: unknown[] = [];
    for (const [id, words] of NO_IDS) {
      for (const field of ['agentId', 'taskId', 'sessionId'] as const) {
        const call = { ...CALL, sessionId: 'session', cost: 0.1, [field]: id } as LimitCall;
        said.push(await says(words, () => limiter.facts(call)));
        said.push(await says(words, () => limiter.reserve(call)));
        expected.push(true, true);
      }
      said.push(await says(words, () => limiter.recordOutcome(id as string, 'BLOCK')));
      expected.push(true);
    }
    expect(said).toEqual(expected);
    expect((await limiter.facts(CALL)).taskSpend).toBe(0);
  });

  it('takes ids of 1,000 characters, and any text that is one', async () => {
    const { limiter } = await start({ maxActionsPerRun: () => 1 });
    for (const id of ['x'.repeat(1_000), '', '😀', "'; DROP TABLE limit_runs; --"]) {
      const call = { agentId: id, taskId: id, sessionId: id, cost: 0.1 };
      expect(await outcome(limiter, call)).toBe(true);
      expect(await outcome(limiter, call)).toBe('rate_limiter');
    }
  });
}

/** True where it throws, or rejects with, a TypeError of such words; else what came of it. */
async function says(words: RegExp, act: () => unknown): Promise<unknown> {
  try {
    return await act();
  } catch (error) {
    return error instanceof TypeError && words.test(error.message) ? true : error;
  }
}
