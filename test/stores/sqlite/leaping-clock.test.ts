import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../src/testing/fake-clock.ts';
import { decided, START } from '../../../src/testing/store/records.ts';
import { kindsOf, openStore } from './open-store.ts';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

const refused = (id: string) => decided(id, { state: 'refused' });

/** How many `pruned` records there are. */
const pruned = (store: ReturnType<typeof openStore>): number =>
  kindsOf(store).filter((kind) => kind === 'pruned').length;

describe('a clock that may have leapt', () => {
  /** A store whose wall clock can be set by itself, and what it warned of. */
  function begin(retentionDays: number) {
    const clock = new FakeClock(START);
    let ahead = 0;
    const warnings: string[] = [];
    const store = openStore({
      clock: { now: () => clock.now() + ahead, monotonic: clock.monotonic, setTimer: clock.setTimer },
      retentionDays,
      warn: (message, code) => warnings.push(`${code} ${message}`),
    });
    const append = (...ids: string[]): void =>
      void store.append(ids.map((id) => ({ ...refused(id), at: new Date(clock.now() + ahead) })));
    return { clock, store, warnings, append, leap: (by: number) => (ahead += by) };
  }
  it('(nothing was written for long) is waited for an hour, and then what is old is removed', () => {
    const { clock, store, warnings, append } = begin(30);
    append('a');
    clock.advance(31 * DAY);
    append('b');
    clock.advance(HOUR - 1);
    append('c');
    expect(pruned(store)).toBe(0);
    expect(warnings).toEqual([
      expect.stringMatching(/^PLYRA_RETENTION .*nothing was journaled for 744 hours, or the clock is wrong/),
    ]);
    clock.advance(1);
    append('d');
    expect([...store.records()].map(({ actionId }) => actionId)).toEqual(['b', 'c', 'd', '']);
    expect(warnings.length).toBe(1);
  });

  it.each([
    [1, DAY],
    [30, 15 * DAY],
  ])('is meant by more than a day, and than half the retention of %d days', (days, longest) => {
    for (const [gap, doubted] of [
      [longest, 0],
      [longest + 1, 1],
    ] as const) {
      const { clock, warnings, append } = begin(days);
      append('a');
      clock.advance(gap);
      append('b');
      expect(warnings.length).toBe(doubted);
    }
  });

  it('(between two records, while one runs) is noticed when it is looked at next, each time', () => {
    const { clock, store, warnings, append, leap } = begin(1);
    append('a');
    for (const times of [1, 2]) {
      leap(3 * DAY);
      append(`leapt ${times}`);
      clock.advance(HOUR);
      append(`later ${times}`);
      expect([warnings.length, pruned(store)]).toEqual([times, 0]);
      // Somebody sets it right in time.
      leap(-3 * DAY);
      clock.advance(HOUR);
      append(`right ${times}`);
      expect(pruned(store)).toBe(0);
    }
  });
});
