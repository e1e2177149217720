import { describe, expect, it } from 'vitest';
import { bucketOf, LATENCY_BOUNDS } from '../../../src/stores/sqlite/latency-buckets.ts';
import { decisionCounts, decisionTimes, totalsBy } from '../../../src/stores/sqlite/totals.ts';
import { decided, done, draftOf, failed, START } from '../../../src/testing/store/records.ts';
import { ProjectedJournal } from './projected-journal.ts';

const sessions = ({ database }: ProjectedJournal): unknown[] =>
  database.prepare('SELECT * FROM sessions ORDER BY session_id').all();

describe('sums over all time', () => {
  it('have each action once, under the outcome and the session that it has now', () => {
    const made = new ProjectedJournal();
    made.append(
      decided('a', { sessionId: 's' }),
      decided('b', { sessionId: 's', ruleName: 'r' }),
      failed('a', 'no'),
    );
    made.projection.catchUp();
    expect(totalsBy(made.database, 'session', 's')).toMatchObject([
      { outcome: 'ALLOW', count: 1 },
      { outcome: 'ERROR', count: 1 },
    ]);
    made.append(decided('b', { sessionId: 'other' }));
    made.projection.catchUp();
    expect(totalsBy(made.database, 'session').map(({ name }) => name)).toEqual(['other', 's']);
    expect(totalsBy(made.database, 'rule')).toEqual([]);
    expect(sessions(made)).toMatchObject([{ session_id: 'other' }, { session_id: 's', count: 1 }]);
  });

  it('forget what was pruned, but for the decisions, which only grow', () => {
    const made = new ProjectedJournal();
    for (const id of ['a', 'b', 'c']) made.append(decided(id, { sessionId: 's', latencyMs: 2 }), done(id, 1));
    made.projection.catchUp();
    made.prune(4);
    expect(totalsBy(made.database, 'all')).toMatchObject([{ count: 1 }]);
    expect(sessions(made)).toMatchObject([{ session_id: 's', count: 1, last_at: START }]);
    expect(decisionCounts(made.database)).toMatchObject([{ verdict: 'ALLOW', count: 3 }]);
    expect(decisionTimes(made.database)).toEqual({ buckets: [{ upTo: 2, count: 3 }], millis: 6 });
    made.prune(6);
    expect(sessions(made)).toEqual([]);
  });

  it('count a decision when it is made, and none while a person is waited for', () => {
    const made = new ProjectedJournal();
    made.append(draftOf('waiting', 'a', { ...decided('a').body(), state: 'waiting', verdict: 'ESCALATE' }));
    made.projection.catchUp();
    expect(decisionCounts(made.database)).toEqual([]);
    made.append(decided('a', { policyTriggered: 'p' }), failed('a', 'no'));
    made.projection.catchUp();
    expect(decisionCounts(made.database)).toEqual([{ policy: 'p', verdict: 'ALLOW', count: 1 }]);
  });
});

describe('the bucket of a time', () => {
  it('is the least bound that is not below it', () => {
    expect([0, 0.001, 0.0011, 1, 1.01, 99, 80_000, 1e9].map(bucketOf)).toEqual([
      '0.001',
      '0.001',
      '0.00125',
      '1',
      '1.25',
      '100',
      '80000',
      'Infinity',
    ]);
    expect([...LATENCY_BOUNDS].sort((a, b) => a - b)).toEqual(LATENCY_BOUNDS);
  });
});
