import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/core/entry.ts';
import type { Exporter } from '../../src/exporters/exporter.ts';
import { FanOut } from '../../src/exporters/fan-out.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { thenable } from '../core/thenable.ts';

const entry = { actionId: 'a' } as AuditEntry;

const boom = (): never => {
  throw new Error('boom');
};

describe('FanOut', () => {
  it('hands every entry to every exporter, also to one added later', () => {
    const seen: string[] = [];
    const noting = (name: string): Exporter => ({
      export: ({ actionId }) => void seen.push(`${name} ${actionId}`),
    });
    const fanOut = new FanOut([noting('x')], new FakeClock());
    expect(fanOut.isEmpty).toBe(false);
    fanOut.deliver(entry);
    fanOut.add(noting('y'));
    fanOut.deliver(entry);
    expect(seen).toEqual(['x a', 'x a', 'y a']);
  });

  it('counts what throws, rejects or is no exporter at all, and goes on with the others', async () => {
    const seen: string[] = [];
    const fanOut = new FanOut(
      [
        { export: boom },
        { export: () => Promise.reject(new Error('later')) },
        {} as Exporter,
        { export: () => thenable(boom) as Promise<void> },
        { export: ({ actionId }) => void seen.push(actionId) },
      ],
      new FakeClock(),
    );
    fanOut.deliver(entry);
    await fanOut.flush();
    expect(seen).toEqual(['a']);
    expect(fanOut.failures).toBe(4);
  });

  it('stops waiting for an export that never settles, and counts it', async () => {
    const clock = new FakeClock();
    const fanOut = new FanOut([{ export: () => new Promise(() => undefined) }], clock);
    fanOut.deliver(entry);
    const flushed = fanOut.flush();
    clock.advance(5_000);
    await flushed;
    expect(fanOut.failures).toBe(1);
  });

  it('drops and counts entries while ten thousand exports are unfinished', () => {
    const fanOut = new FanOut([{ export: () => new Promise(() => undefined) }], new FakeClock());
    for (let i = 0; i < 10_003; i++) fanOut.deliver(entry);
    expect(fanOut.drops).toBe(3);
  });

  it('flushes and closes every exporter, also behind one that fails to', async () => {
    const seen: string[] = [];
    const fanOut = new FanOut(
      [
        { export: () => undefined, flush: boom, close: () => Promise.reject(new Error('no')) },
        {
          export: () => undefined,
          flush: () => void seen.push('flush'),
          close: async () => void seen.push('close'),
        },
      ],
      new FakeClock(),
    );
    await fanOut.close();
    expect(seen).toEqual(['flush', 'close']);
    expect(fanOut.failures).toBe(2);
  });
});
