import { describe, expect, it } from 'vitest';
import { AgentRecords, countsOf, totalsOf } from '../../src/limits/agent-records.ts';

describe('AgentRecords', () => {
  it('remembers registered agents for good and at most 10,000 others', () => {
    const records = new AgentRecords((agentId) => agentId === 'kept');
    records.add('kept', totalsOf('ALLOW'));
    for (let i = 0; i < 10_001; i++) records.add(`other-${i}`, totalsOf('ALLOW'));
    expect(records.size).toBe(10_001);
    expect(['kept', 'other-0', 'other-1', 'other-10000'].map((id) => records.of(id).actions)).toEqual([
      1, 0, 1, 1,
    ]);
  });

  it('forgets the least recently active first', () => {
    const records = new AgentRecords(() => false);
    for (let i = 0; i < 10_000; i++) records.add(`other-${i}`, totalsOf('ALLOW'));
    records.add('other-0', totalsOf('ALLOW'));
    records.add('late', totalsOf('ALLOW'));
    expect(['other-0', 'other-1', 'other-2'].map((id) => records.of(id).actions)).toEqual([2, 0, 1]);
  });

  it('takes along the record of an agent that is registered later', () => {
    const registered = new Set<string>();
    const records = new AgentRecords((agentId) => registered.has(agentId));
    records.add('late', totalsOf('BLOCK'));
    registered.add('late');
    records.add('late', totalsOf('ERROR'));
    for (let i = 0; i < 10_001; i++) records.add(`other-${i}`, totalsOf('ALLOW'));
    expect(countsOf(records.of('late'))).toEqual({ actionCount: 2, errorRate: 1, violations: 1 });
    expect([...records].length).toBe(10_001);
  });
});
