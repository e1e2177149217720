import { describe, expect, it } from 'vitest';
import { schemaValidator } from '../../src/evaluators/schema-validator.ts';
import { factsOf, intentOf } from './action.ts';

const evaluator = schemaValidator();
const answer = (changes: Record<string, unknown>) => evaluator.evaluate(intentOf(changes), factsOf());

const hop = { agentId: 'a', trustLevel: 0.5, instruction: 'go', timestamp: new Date(0) };

describe('schema_validator', () => {
  it('has no opinion of a well-formed intent', () => {
    expect(answer({})).toBe(undefined);
    expect(
      answer({
        parameters: Object.create(null),
        estimatedCost: 0.5,
        riskLevel: 'CRITICAL',
        tags: ['a', ''],
        instructionChain: [hop],
        taskId: 't',
        sessionId: 's',
        callId: 'c',
        principal: 'p',
        framework: 'ai',
      }),
    ).toBe(undefined);
  });

  const wrong: [field: string, value: unknown, was: string][] = [
    ['actionType', '', 'an empty string'],
    ['actionType', undefined, 'missing'],
    ['actionType', 'x'.repeat(1001), 'a string of 1001 characters'],
    ['toolName', 5, 'a number'],
    ['agentId', null, 'null'],
    ['parameters', null, 'null'],
    ['parameters', [1], 'an array'],
    ['parameters', 'a', 'a string'],
    ['parameters', new Map(), 'an object'],
    ['estimatedCost', Number.NaN, 'NaN'],
    ['estimatedCost', Number.POSITIVE_INFINITY, 'an infinite number'],
    ['estimatedCost', -0.01, 'a negative number'],
    ['estimatedCost', '5', 'a string'],
    ['estimatedCost', 5n, 'a bigint'],
    ['estimatedCost', [500], 'an array'],
    ['riskLevel', 'low', 'a string'],
    ['riskLevel', 'constructor', 'a string'],
    ['tags', 'a', 'a string'],
    ['tags', { 0: 'a', length: 1 }, 'an object'],
    ['timestamp', '2024-01-01', 'a string'],
    ['timestamp', new Date(Number.NaN), 'an object'],
    ['actionId', '', 'an empty string'],
    ['intent', undefined, 'missing'],
    ['taskContext', null, 'null'],
    ['taskId', 7, 'a number'],
    ['sessionId', undefined, 'missing'],
    ['callId', {}, 'an object'],
    ['principal', false, 'a boolean'],
    ['framework', () => 1, 'a function'],
    ['metadata', null, 'null'],
    ['instructionChain', null, 'null'],
    ['instructionChain', {}, 'an object'],
  ];
  it.each(wrong)('blocks a %s that is %s', (field, value, was) => {
    const found = answer({ [field]: value });
    expect(found).toMatchObject({ verdict: 'BLOCK', metadata: { field } });
    expect(found).toHaveProperty(
      'reason',
      expect.stringMatching(`^The action's ${field} is ${was}; .+ is expected$`),
    );
  });

  it('blocks a wrong tag or hop and says which', () => {
    const inner: [Record<string, unknown>, string][] = [
      [{ tags: ['a', 5] }, 'tags[1]'],
      [{ instructionChain: [hop, null] }, 'instructionChain[1]'],
      [{ instructionChain: [{ ...hop, agentId: '' }] }, 'instructionChain[0].agentId'],
      [{ instructionChain: [{ ...hop, trustLevel: Number.NaN }] }, 'instructionChain[0].trustLevel'],
      [{ instructionChain: [{ ...hop, trustLevel: 1.1 }] }, 'instructionChain[0].trustLevel'],
      [{ instructionChain: [{ ...hop, instruction: undefined }] }, 'instructionChain[0].instruction'],
    ];
    for (const [changes, field] of inner) {
      expect(answer(changes)).toMatchObject({ verdict: 'BLOCK', metadata: { field } });
    }
  });

  it('never shows the value, which may be a secret', () => {
    const found = answer({ estimatedCost: 'hunter2' });
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });
});
