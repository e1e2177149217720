import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { REBUILD } from '../../../src/stores/sqlite/projection-check.ts';
import { JournalReader } from '../../../src/stores/sqlite/reader.ts';
import { FakeClock } from '../../../src/testing/fake-clock.ts';
import { decided, done, draftOf, START } from '../../../src/testing/store/records.ts';
import { newPath, openStore } from './open-store.ts';

const DAY_MS = 86_400_000;

/** A journal and the entries that were made of it, and somebody who can write the file. */
function projected() {
  const path = newPath();
  const clock = new FakeClock(START);
  const store = openStore({ path, clock, retentionDays: 0.5 });
  const reader = new JournalReader({ path, clock });
  const file = new DatabaseSync(path);
  onTestFinished(() => {
    file.close();
    reader.close();
  });
  store.append([draftOf('policy', 'policy:1', { event: 'loaded' }), decided('a'), done('a', null)]);
  store.append([decided('b'), done('orphan', null), decided('c'), done('c', null)]);
  store.append([decided('lone', { agentId: '\ud800' })]);
  const shown = () => reader.page({ after: 0 }).entries;
  const found = () => [...reader.projectionDifferences()];
  return { clock, store, file, shown, found };
}

test('entries that were made of the journal do not differ from it, however far they were', () => {
  const { clock, store, shown, found } = projected();
  expect(found()).toEqual([]);
  expect(shown()).toHaveLength(4);
  expect(found()).toEqual([]);
  store.append(Array.from({ length: 600 }, (_, i) => decided(`n${i}`)));
  expect(found()).toEqual([]);
  shown();
  store.append([done('b', null), decided('a')]);
  expect(found()).toEqual([]);
  shown();
  expect(found()).toEqual([]);
  clock.advance(DAY_MS);
  store.append([decided('z')]);
  expect(found()).toEqual([]);
});

test.each([
  ['DELETE FROM entries WHERE position = 4', [[4, 'b', 'leave out']]],
  ["UPDATE entries SET outcome = 'BLOCK' WHERE position = 4", [[4, 'b', '(outcome)']]],
  ["UPDATE entries SET verdict = 'BLOCK' WHERE position = 4", [[4, 'b', '(verdict)']]],
  ["UPDATE entries SET state = 'x', at = 9223372036854775807 WHERE position = 4", [[4, 'b', '(state, at)']]],
  ["UPDATE entries SET agent_id = 'x' WHERE position = 4", [[4, 'b', '(agent_id)']]],
  [
    "UPDATE entries SET action_id = 'x' WHERE position = 4",
    [
      [4, 'b', 'leave out'],
      [4, 'x', 'no such decision'],
    ],
  ],
  [
    'UPDATE entries SET position = 9223372036854775807 WHERE position = 4',
    [[2 ** 53 - 1, 'b', '(position)']],
  ],
  ["UPDATE entries SET positions = '[2]', state = 'running' WHERE position = 2", [[3, 'a', 'leave out']]],
  ["UPDATE entries SET positions = '[4,7]' WHERE position = 4", [[4, 'b', '(positions)']]],
  ["UPDATE entries SET positions = 'x' WHERE position = 4", []],
  [
    "INSERT INTO entries SELECT 5, 'orphan', 5, '[5]', writer_id, state, outcome, verdict, agent_id, task_id, session_id, action_type, tool_name, rule_name, at, latency_ms FROM entries LIMIT 1",
    [[5, 'orphan', 'no such decision']],
  ],
  ['UPDATE projection SET position = 9', [[9, '', 'how far']]],
] as const)(
  'what somebody did to the entries is found, and mended by making them anew: %s',
  (sql, expected) => {
    const { file, shown, found } = projected();
    const before = shown();
    file.exec(sql);
    expect(found()).toEqual(
      expected.map(([position, actionId, problem]) => ({
        position,
        actionId,
        problem: expect.stringContaining(problem),
      })),
    );
    file.exec(REBUILD);
    expect(found()).toEqual([]);
    expect(shown()).toEqual(before);
    expect(found()).toEqual([]);
  },
);
