import { describe, expect, it } from 'vitest';
import { decided, done } from '../../../src/testing/store/records.ts';
import { ProjectedJournal } from './projected-journal.ts';

describe('the projection of a journal that was edited by hand', () => {
  const projected = (...bodies: readonly (object | string)[]): ProjectedJournal => {
    const made = new ProjectedJournal();
    for (const [i, body] of bodies.entries()) {
      made.append(decided(`a${i}`, typeof body === 'object' ? body : {}));
      if (typeof body === 'string') {
        made.database.prepare('UPDATE journal SET body = ? WHERE position = ?').run(body, i + 1);
      }
    }
    return made;
  };

  it('is taken up with values of any type', () => {
    const values = [
      5,
      null,
      true,
      [1, { a: 2 }],
      { toString: 1 },
      'text',
      Number.POSITIVE_INFINITY,
      '\ud800',
    ];
    for (const value of values) {
      const names = [
        'agentId',
        'toolName',
        'taskId',
        'ruleName',
        'verdict',
        'outcome',
        'timestamp',
        'tags',
        'intent',
      ];
      const body = Object.fromEntries(
        [...names, 'latencyMs', 'state', 'reason'].map((name) => [name, value]),
      );
      const made = projected(body, {});
      expect(made.projection.entries({}).map(({ actionId }) => actionId)).toEqual(['a1', 'a0']);
    }
    expect(projected({ agentId: 5 }).projection.entries({ agentId: '5' }).length).toBe(1);
    expect(projected({ tags: [5, 5, null] }).projection.entries({ tags: ['5', ''] }).length).toBe(1);
    expect(
      projected({ agentId: { b: 1, a: 2 } }).projection.entries({ agentId: '{"a":2,"b":1}' }).length,
    ).toBe(1);
  });

  it('loses the records whose body is no JSON, and no others', () => {
    for (const text of ['rm -rf /', '', '[]', 'null', '{"a":']) {
      const made = projected({}, text, {});
      made.append(done('a1', 1), done('a2', 1));
      expect(made.projection.entries({}).map(({ actionId }) => actionId)).toEqual(['a2', 'a0']);
    }
  });

  it('goes on when the body of a decision that was taken up is no JSON any more', () => {
    const made = projected({}, {});
    made.projection.catchUp();
    made.database.prepare("UPDATE journal SET body = 'gone' WHERE position = 1").run();
    made.append(done('a0', 1), done('a1', 1));
    expect(made.projection.entries({}).map(({ actionId, state }) => [actionId, state])).toEqual([
      ['a1', 'done'],
    ]);
  });

  it('is taken up past numbers that Node cannot read', () => {
    const made = projected({}, {});
    made.database.prepare('UPDATE journal SET seq = ? WHERE position = 1').run(2n ** 62n);
    expect(made.projection.entries({}).length).toBe(2);
    made.database.prepare('UPDATE journal SET position = ? WHERE position = 2').run(2n ** 63n - 1n);
    made.database.prepare('UPDATE projection SET position = 0').run();
    made.projection.catchUp();
    made.projection.catchUp();
  });
});
