import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/core/entry.ts';
import type { Delivery } from '../../src/exporters/delivery.ts';
import { ExportQueue, type QueueOptions } from '../../src/exporters/queue.ts';
import { entryOf } from '../../src/testing/exporter/entries.ts';
import { ToldClock } from '../webhook/told-clock.ts';

const TAKEN: Delivery = { kind: 'taken' };
const DOWN: Delivery = { kind: 'failed', why: 'ECONNREFUSED' };
const FLUSH = 4_000;

/** A queue whose receiver answers as told, one answer for each attempt and then the last over again. */
function start(answers: readonly Delivery[] = [TAKEN], options: Partial<QueueOptions<string>> = {}) {
  const clock = new ToldClock();
  const batches: (readonly string[])[] = [];
  const warnings: string[] = [];
  let attempted: () => void = () => undefined;
  const queue = new ExportQueue<string>({
    ...{ name: 'test', target: 'nowhere', clock, random: () => 0 },
    encode: ({ actionId }) => actionId,
    send: async (batch) => {
      batches.push(batch);
      attempted();
      return answers[Math.min(batches.length, answers.length) - 1] ?? TAKEN;
    },
    warn: (message) => warnings.push(message),
    ...options,
  });
  const push = (...ids: readonly string[]): void => {
    for (const id of ids) queue.push(entryOf(id));
  };
  /** Resolves once so many attempts were made, and what they led to was noted. */
  const attempts = async (count: number): Promise<void> => {
    while (batches.length < count) {
      await new Promise<void>((resolve) => {
        attempted = resolve;
      });
    }
    await new Promise((resolve) => void setImmediate(resolve));
  };
  return { queue, clock, batches, warnings, push, attempts };
}

const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `a${i}`);

describe('batches', () => {
  it('wait a second for more entries', async () => {
    const { clock, batches, push, attempts } = start();
    push('a', 'b');
    expect(await clock.nextTimer()).toBe(1_000);
    expect(batches).toEqual([]);
    push('c');
    clock.advance(1_000);
    await attempts(1);
    expect(batches).toEqual([['a', 'b', 'c']]);
  });

  it('go at once when they are full, and never within the turn of the one who pushes', async () => {
    const { clock, batches, push, attempts } = start([TAKEN], { maxBatch: 2 });
    push('a', 'b', 'c');
    expect(batches).toEqual([]);
    expect([await clock.nextTimer(), await clock.nextTimer()]).toEqual([1_000, 0]);
    clock.advance(0);
    await attempts(1);
    expect(batches).toEqual([['a', 'b']]);
    clock.advance(1_000);
    await attempts(2);
    expect(batches[1]).toEqual(['c']);
  });

  it('are no larger than they may be in bytes, unless a single entry is', async () => {
    const encode = ({ actionId }: AuditEntry): string => actionId.repeat(actionId === 'ü' ? 100 : 3);
    const { queue, batches, push } = start([TAKEN], { maxBatchBytes: 20, encode });
    push('ab', 'cd', 'ef', 'ü', 'gh');
    await queue.flush();
    expect(batches).toEqual([['ababab', 'cdcdcd'], ['efefef'], ['ü'.repeat(100)], ['ghghgh']]);
  });

  it('go one after the other, in order', async () => {
    const { queue, batches, push } = start([TAKEN], { maxBatch: 10 });
    push(...ids(95));
    await queue.flush();
    expect(batches.flat()).toEqual(ids(95));
    expect(batches.map(({ length }) => length)).toEqual([...Array(9).fill(10), 5]);
  });
});

describe('a receiver that is down', () => {
  it('is tried again after 1, 4, 16 and then every 30 s, with the same batch first', async () => {
    const { clock, batches, push, attempts } = start([DOWN]);
    push('a');
    clock.advance(await clock.nextTimer());
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 6; attempt++) {
      await attempts(attempt);
      const pause = await clock.nextTimer();
      pauses.push(pause);
      clock.advance(pause);
    }
    expect(pauses).toEqual([1_000, 4_000, 16_000, 30_000, 30_000, 30_000]);
    expect(new Set(batches.flat())).toEqual(new Set(['a']));
  });

  it('is left alone for as long as it asks, also while somebody waits for a flush', async () => {
    const { queue, clock, push, attempts, batches } = start([
      { kind: 'failed', why: 'it answered 429', retryAfter: '120' },
      TAKEN,
    ]);
    push('a');
    const first = queue.flush();
    await attempts(1);
    expect(await clock.nextTimer([1_000, FLUSH])).toBe(120_000);
    clock.advance(FLUSH);
    await first;
    const second = queue.flush();
    clock.advance(FLUSH);
    await second;
    expect(batches).toHaveLength(1);
    clock.advance(112_000);
    await attempts(2);
    expect(queue.counts).toMatchObject({ delivered: 1, failures: 1, waiting: 0 });
  });

  it('is told of once in an outage, from the second failure on, and again in the next one', async () => {
    const { queue, clock, push, attempts, warnings } = start([DOWN, DOWN, DOWN, TAKEN, DOWN, DOWN]);
    push('a');
    const after: number[] = [];
    clock.advance(await clock.nextTimer());
    for (let attempt = 1; attempt <= 6; attempt++) {
      await attempts(attempt);
      after.push(warnings.length);
      if (attempt === 4) push('b');
      clock.advance(await clock.nextTimer());
    }
    expect(after).toEqual([0, 1, 1, 1, 1, 2]);
    expect(warnings[0]).toBe(
      'The exporter `test` does not deliver to nowhere: ECONNREFUSED. Up to 10000 entries wait; of more the oldest are ' +
        'dropped and counted. Calls go on.',
    );
    expect(queue.counts.delivered).toBe(1);
  });

  it('is told of at once where a person must do something', async () => {
    const { queue, push, warnings, clock, attempts } = start([
      { kind: 'refused', why: 'it answered 401' },
      TAKEN,
    ]);
    push('a');
    const flushed = queue.flush();
    await attempts(1);
    expect(warnings).toHaveLength(1);
    clock.advance(1_000);
    await flushed;
    expect(warnings).toHaveLength(1);
    expect(queue.counts.delivered).toBe(1);
  });

  it('holds a flush up for 4 s, and a close behind it no longer', async () => {
    const { queue, clock, push, attempts, warnings } = start([DOWN]);
    push('a', 'b');
    const flushed = queue.flush();
    await attempts(1);
    clock.advance(FLUSH);
    await flushed;
    expect(queue.counts.waiting).toBe(2);
    await queue.close();
    expect(queue.counts).toMatchObject({ dropped: 2, waiting: 0 });
    expect(warnings).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('is not waited for when an attempt never ends', async () => {
    const { queue, clock, push } = start([], { send: () => new Promise(() => undefined) });
    push('a');
    const closed = queue.close();
    clock.advance(FLUSH);
    await closed;
    expect(queue.counts).toMatchObject({ dropped: 1, waiting: 0 });
  });

  it('counts a sender that throws as down', async () => {
    let attempts = 0;
    const { queue, push, clock } = start([], {
      send: async () => {
        if (attempts++ === 0) throw new Error('boom');
        return TAKEN;
      },
    });
    push('a');
    const flushed = queue.flush();
    await new Promise((resolve) => void setImmediate(resolve));
    clock.advance(1_000);
    await flushed;
    expect(queue.counts).toMatchObject({ delivered: 1, failures: 1 });
  });
});

describe('what a receiver will not have', () => {
  it('is found by halves and given up by itself; everything else arrives in order', async () => {
    const taken: string[] = [];
    const { queue, push, clock, warnings } = start([], {
      send: async (batch) => {
        if (batch.includes('a5')) return { kind: 'rejected', why: 'it answered 400' };
        taken.push(...batch);
        return TAKEN;
      },
    });
    push(...ids(16));
    const flushed = queue.flush();
    await clock.nextTimer([FLUSH]);
    await new Promise((resolve) => void setImmediate(resolve));
    clock.advance(1_000);
    await flushed;
    expect(taken).toEqual(ids(16).filter((id) => id !== 'a5'));
    expect(queue.counts).toMatchObject({ delivered: 15, rejected: 1, waiting: 0 });
    expect(warnings).toHaveLength(1);
  });
});

describe('memory', () => {
  it('is bounded by what entries hold too: of long ones fewer wait', () => {
    const { queue } = start([DOWN]);
    const text = 'x'.repeat(1_000_000);
    for (let i = 0; i < 100; i++) queue.push(entryOf(`a${i}`, { parameters: { text } }));
    expect(queue.counts.waiting).toBeLessThan(35);
    expect(queue.counts.waiting).toBeGreaterThan(25);
    expect(queue.counts.waiting + queue.counts.dropped).toBe(100);
  });

  it('keeps the newest of a million entries', () => {
    const { queue, warnings } = start([DOWN], { maxWaiting: 1_000 });
    const entry = entryOf('same');
    for (let i = 0; i < 1_000_000; i++) queue.push(entry);
    expect(queue.counts).toMatchObject({ waiting: 1_000, dropped: 999_000 });
    expect(warnings).toHaveLength(1);
  });
});
