import { describe, expect, it } from 'vitest';
import { ConfigValidationError } from '../../../src/core/errors.ts';
import type { CountRange, Dimension } from '../../../src/stores/sqlite/rollups.ts';
import { decided, done, draftOf, failed, START } from '../../../src/testing/store/records.ts';
import { ProjectedJournal } from './projected-journal.ts';

const MINUTE = 60_000;
/** So many minutes and seconds after the suite's start, which lies on a whole minute. */
const at = (minutes: number, seconds = 0): Date => new Date(START + minutes * MINUTE + seconds * 1000);

const counts = (made: ProjectedJournal, dimension: Dimension, range: CountRange = {}): string[] =>
  made.projection.counts({ dimension, ...range }).map(({ name, outcome, count, lastAt }) => {
    const seconds = (lastAt.getTime() - START) / 1000;
    return `${name} ${outcome} ${count} last ${seconds}`.trim();
  });

describe('counts', () => {
  it('are kept of all, and by tool, agent and rule', () => {
    const made = new ProjectedJournal();
    made.append(
      decided('a', { toolName: 't1', agentId: 'x', ruleName: 'r1', timestamp: at(0, 1) }),
      decided('b', { toolName: 't1', agentId: 'y', timestamp: at(0, 2) }),
      decided('c', { toolName: 't2', agentId: 'y', ruleName: 'r1', outcome: 'BLOCK', timestamp: at(5) }),
    );
    expect(counts(made, 'all')).toEqual(['ALLOW 2 last 2', 'BLOCK 1 last 300']);
    expect(counts(made, 'tool')).toEqual(['t1 ALLOW 2 last 2', 't2 BLOCK 1 last 300']);
    expect(counts(made, 'agent')).toEqual(['x ALLOW 1 last 1', 'y ALLOW 1 last 2', 'y BLOCK 1 last 300']);
    expect(counts(made, 'rule')).toEqual(['r1 ALLOW 1 last 1', 'r1 BLOCK 1 last 300']);
    expect(counts(made, 'rule', { from: at(1) })).toEqual(['r1 BLOCK 1 last 300']);
  });

  it('have an action once, under the outcome that it has now', () => {
    const made = new ProjectedJournal();
    made.append(decided('a', { timestamp: at(0) }), decided('b', { timestamp: at(0) }));
    expect(counts(made, 'all')).toEqual(['ALLOW 2 last 0']);
    made.append(failed('a', 'disk full'), done('b', 1));
    expect(counts(made, 'all')).toEqual(['ALLOW 1 last 0', 'ERROR 1 last 0']);
    made.append(failed('b', 'too late'));
    expect(counts(made, 'all')).toEqual(['ERROR 2 last 0']);
  });

  it('follow an action that is decided again, to other names and another minute', () => {
    const made = new ProjectedJournal();
    const body = {
      ...decided('a').body(),
      toolName: 't1',
      ruleName: 'r1',
      outcome: 'ESCALATE',
      state: 'waiting',
    };
    made.append(draftOf('waiting', 'a', { ...body, timestamp: at(0) }));
    expect(counts(made, 'rule')).toEqual(['r1 ESCALATE 1 last 0']);
    made.append(decided('a', { toolName: 't2', timestamp: at(2) }));
    expect(counts(made, 'all')).toEqual(['ALLOW 1 last 120']);
    expect(counts(made, 'tool')).toEqual(['t2 ALLOW 1 last 120']);
    expect(counts(made, 'rule')).toEqual([]);
  });

  it('tell when the last one was also where another was taken back', () => {
    const made = new ProjectedJournal();
    made.append(decided('a', { timestamp: at(0, 1) }));
    made.projection.catchUp();
    made.append(failed('a', 'no'), decided('b', { timestamp: at(0, 30) }));
    expect(counts(made, 'all')).toEqual(['ALLOW 1 last 30', 'ERROR 1 last 1']);
  });

  it('are taken back of what is pruned', () => {
    const made = new ProjectedJournal();
    made.append(decided('a'), done('a', 1), decided('b'), decided('c', { toolName: 't2' }));
    made.projection.catchUp();
    made.prune(3);
    expect(counts(made, 'tool')).toEqual(['t2 ALLOW 1 last 0']);
  });

  it('are of whole minutes', () => {
    const made = new ProjectedJournal();
    for (const [minutes, seconds] of [
      [-1, 59],
      [0, 0],
      [0, 59],
      [1, 0],
      [3, 0],
    ] as const) {
      made.append(decided(`${minutes}:${seconds}`, { timestamp: at(minutes, seconds) }));
    }
    made.append(decided('blocked', { outcome: 'BLOCK', timestamp: at(1, 1) }));
    const all = [
      { minute: at(-1), outcome: 'ALLOW', count: 1 },
      { minute: at(0), outcome: 'ALLOW', count: 2 },
      { minute: at(1), outcome: 'ALLOW', count: 1 },
      { minute: at(1), outcome: 'BLOCK', count: 1 },
      { minute: at(3), outcome: 'ALLOW', count: 1 },
    ];
    expect(made.projection.minutes()).toEqual(all);
    expect(made.projection.minutes({ from: at(0, 30), to: at(1).toISOString() })).toEqual(all.slice(1, 4));
    expect(made.projection.minutes({ from: at(4) })).toEqual([]);
    expect(counts(made, 'all', { from: at(0, 30), to: at(0, 31) })).toEqual(['ALLOW 2 last 59']);
  });

  it('of times before 1970, and of no time, are kept too', () => {
    const made = new ProjectedJournal();
    made.append(decided('old', { timestamp: new Date(-1) }), decided('none', { timestamp: 'yesterday' }));
    expect(made.projection.minutes().map(({ minute }) => minute.getTime() / MINUTE)).toEqual([
      -1,
      START / MINUTE,
    ]);
  });

  it('are refused by a time that cannot be read', () => {
    const { projection } = new ProjectedJournal();
    expect(() => projection.counts({ dimension: 'all', from: 'yesterday' })).toThrow(ConfigValidationError);
    expect(() => projection.minutes({ to: new Date(Number.NaN) })).toThrow('`to`');
  });

  it('keep names apart that look alike when put together', () => {
    const made = new ProjectedJournal();
    const names = ['a', 'a\0', 'a,"', '__proto__', ''];
    for (const [i, name] of names.entries()) made.append(decided(`a${i}`, { toolName: name, agentId: name }));
    expect(
      made.projection
        .counts({ dimension: 'tool' })
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...names].sort());
  });
});
