import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedCounters } from '../../../src/limits/windows/bounded-counters.ts';
import { RecentCalls } from '../../../src/limits/windows/recent-calls.ts';
import { SlidingWindow } from '../../../src/limits/windows/sliding-window.ts';

const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ add: fc.integer({ min: 0, max: 40 }) }) },
    { weight: 2, arbitrary: fc.record({ remove: fc.nat(50) }) },
  ),
  { maxLength: 300 },
);

describe('SlidingWindow', () => {
  it('counts as a plain list of times does', () => {
    fc.assert(
      fc.property(steps, (actions) => {
        const window = new SlidingWindow(500);
        const times: number[] = [];
        let now = 0;
        for (const action of actions) {
          if ('add' in action) {
            now += action.add;
            window.add(now);
            times.push(now);
          } else if (times.length > 0) {
            const [time = -1] = times.splice(action.remove % times.length, 1);
            window.remove(time);
          }
          const live = times.filter((time) => time + 500 > now);
          expect(window.count(now)).toBe(live.length);
          expect(window.freeAt(now)).toBe(live.length === 0 ? undefined : (live[0] ?? 0) + 500);
        }
      }),
    );
  });

  it('stays flat over a million calls', () => {
    const window = new SlidingWindow(1_000);
    let largest = 0;
    for (let i = 0; i < 1_000_000; i++) {
      window.add(i * 10);
      largest = Math.max(largest, window.capacity);
    }
    expect(largest).toBeLessThanOrEqual(256);
  });

  it('stays flat when calls are taken back again and again behind one that stays', () => {
    const window = new SlidingWindow(86_400_000);
    window.add(0);
    for (let i = 1; i < 100_000; i++) {
      window.add(i);
      window.add(i + 0.5);
      window.remove(i);
      window.remove(i + 0.5);
    }
    expect(window.count(100_000)).toBe(1);
    expect(window.capacity).toBeLessThanOrEqual(16);
    let oldest = 100_000;
    for (let i = 100_000; i < 200_000; i++) {
      window.add(i);
      if (i - oldest >= 10) window.remove(oldest++);
    }
    expect(window.capacity).toBeLessThanOrEqual(64);
  });

  it('gives its memory back when it is empty', () => {
    const window = new SlidingWindow(1_000);
    for (let i = 0; i < 5_000; i++) window.add(i / 100);
    expect(window.capacity).toBeGreaterThan(4_000);
    expect(window.count(10_000)).toBe(0);
    expect(window.capacity).toBe(8);
  });
});

describe('RecentCalls', () => {
  it('never counts fewer calls than the last five minutes held, nor any older than five seconds more', () => {
    const gaps = fc.array(fc.record({ by: fc.nat(40_000), back: fc.boolean() }), { maxLength: 100 });
    fc.assert(
      fc.property(gaps, (actions) => {
        const recent = new RecentCalls();
        let times: number[] = [];
        let now = 0;
        for (const { by, back } of actions) {
          now += by;
          recent.add(now);
          times.push(now);
          if (back) {
            recent.remove(times[0] ?? 0);
            times = times.slice(1);
          }
          const count = recent.count(now);
          expect(count).toBeGreaterThanOrEqual(times.filter((time) => now - time < 300_000).length);
          expect(count).toBeLessThanOrEqual(times.filter((time) => now - time < 305_000).length);
        }
      }),
    );
  });
});

describe('BoundedCounters', () => {
  it('lets go of the least recently counted first, and of none that is not idle', () => {
    const counters = new BoundedCounters({
      max: 2,
      make: () => ({ calls: 0 }),
      idle: (_counter, now, touched) => now - touched >= 10,
      eager: false,
    });
    const a = counters.open('a', 0);
    const b = counters.open('b', 5);
    expect(counters.open('a', 9)).toBe(a);
    const shared = counters.open('c', 12);
    expect(counters.open('d', 13)).toBe(shared);
    expect(counters.peek('b', 14)).toBe(b);
    expect(counters.size).toBe(2);
    // `b` is idle now, but what `c` was counted in is not: it goes on sharing.
    expect(counters.open('c', 16)).toBe(shared);
    const own = counters.open('c', 26);
    expect(own).not.toBe(shared);
    expect(counters.peek('b', 26)).toBe(undefined);
  });
});
