import type { AuditEntry } from '../core/entry.ts';
import type { ExporterCounts } from '../core/exporter-counts.ts';
import type { Exporter } from '../exporters/exporter.ts';
import { deepFrozen } from './exporter/deep-frozen.ts';
import { entryOf } from './exporter/entries.ts';
import { FakeClock } from './fake-clock.ts';
import type { SuiteTools } from './suite-tools.ts';

/** An exporter under test, and its receiver. */
export interface ExporterSetup {
  readonly exporter: Exporter;
  /** How many entries it holds at most while its receiver is down; at least 20. */
  readonly most: number;
  /** The exporter's counters now. */
  readonly counts: () => ExporterCounts;
  /** Has the receiver fail from now on, or work again. It works at first. */
  readonly setReceiver: (state: 'up' | 'down') => void | Promise<void>;
  /** The action ids of all entries that the receiver took, in the order in which they came. */
  readonly arrived: () => readonly string[] | Promise<readonly string[]>;
}

/** How the suite makes the exporter that it tests: fresh, on the given clock. */
export type MakeExporter = (options: { readonly clock: FakeClock }) => ExporterSetup | Promise<ExporterSetup>;

/** What every exporter must do. Register it within a test file: `exporterSuite('mine', make, { describe, it, expect })`. */
export function exporterSuite(name: string, make: MakeExporter, tools: SuiteTools): void {
  const start = async (): Promise<Started> => {
    const clock = new FakeClock();
    return { clock, ...(await make({ clock })) };
  };
  tools.describe(`exporter contract: ${name}`, () => {
    deliveryCases(start, tools);
    callerCases(start, tools);
    outageCases(start, tools);
    endCases(start, tools);
  });
}

type Started = ExporterSetup & { readonly clock: FakeClock };
type Start = () => Promise<Started>;

/** Longer than any pause while somebody waits for a flush. */
const PAUSE_MS = 2_000;

function deliveryCases(start: Start, { it, expect }: SuiteTools): void {
  it('has delivered, in order, what it was handed, once a flush resolves', async () => {
    const { exporter, arrived, counts } = await start();
    const ids = idsOf(20);
    for (const id of ids) await exporter.export(entryOf(id));
    await exporter.flush?.();
    expect(await arrived()).toEqual(ids);
    expect(counts()).toEqual({ delivered: 20, dropped: 0, rejected: 0, failures: 0, waiting: 0 });
    await exporter.close?.();
  });

  it('keeps the order over several batches and flushes', async () => {
    const { exporter, arrived } = await start();
    const ids = idsOf(60);
    for (const id of ids) {
      await exporter.export(entryOf(id));
      if (Number(id.slice(-2)) % 20 === 19) await exporter.flush?.();
    }
    await exporter.flush?.();
    expect(await arrived()).toEqual(ids);
    await exporter.close?.();
  });

  it('resolves a flush with nothing to deliver', async () => {
    const { exporter, arrived } = await start();
    await exporter.flush?.();
    expect(await arrived()).toEqual([]);
    await exporter.close?.();
  });
}

function callerCases(start: Start, { it, expect }: SuiteTools): void {
  it('throws into nobody, whatever it is handed, and delivers what comes behind', async () => {
    const { exporter, arrived } = await start();
    const hostile = { ...entryOf('hostile') };
    Object.defineProperty(hostile, 'parameters', {
      enumerable: true,
      get: () => {
        throw new Error('a getter');
      },
    });
    for (const entry of [null, undefined, 'text', {}, hostile]) {
      await exporter.export(entry as unknown as AuditEntry);
    }
    await exporter.export(entryOf('good'));
    await exporter.flush?.();
    const ids = await arrived();
    expect(ids[ids.length - 1]).toBe('good');
    await exporter.close?.();
  });

  it('changes no entry, and takes those that cannot be changed', async () => {
    const { exporter, arrived } = await start();
    const frozen = deepFrozen(entryOf('frozen'));
    const open = entryOf('open', { parameters: { list: [1, { a: 'b' }], text: 'x'.repeat(3_000) } });
    const before = JSON.stringify(open);
    await exporter.export(frozen);
    await exporter.export(open);
    await exporter.flush?.();
    expect(JSON.stringify(open)).toBe(before);
    expect(await arrived()).toEqual(['frozen', 'open']);
    await exporter.close?.();
  });
}

function outageCases(start: Start, { it, expect }: SuiteTools): void {
  it('holds no more than it may while its receiver is down, and counts the oldest as dropped', async () => {
    const { exporter, most, counts, setReceiver, arrived, clock } = await start();
    await exporter.export(entryOf('before'));
    await exporter.flush?.();
    await setReceiver('down');
    const ids = idsOf(most + 15);
    for (const id of ids) await exporter.export(entryOf(id));
    expect(counts().waiting <= most).toBe(true);
    expect(counts().waiting + counts().dropped).toBe(ids.length);
    await setReceiver('up');
    await through(exporter, clock);
    expect(await arrived()).toEqual(['before', ...ids.slice(15)]);
    expect(counts().dropped).toBe(15);
    await exporter.close?.();
  });

  it('goes on by itself, without loss or disorder, when its receiver is there again', async () => {
    const { exporter, counts, setReceiver, arrived, clock } = await start();
    await setReceiver('down');
    const ids = idsOf(20);
    for (const id of ids.slice(0, 10)) await exporter.export(entryOf(id));
    const flushed = exporter.flush?.();
    await until(() => counts().failures > 0);
    for (const id of ids.slice(10)) await exporter.export(entryOf(id));
    await setReceiver('up');
    clock.advance(PAUSE_MS);
    await flushed;
    await exporter.flush?.();
    expect(await arrived()).toEqual(ids);
    expect(counts().delivered).toBe(ids.length);
    await exporter.close?.();
  });
}

function endCases(start: Start, { it, expect }: SuiteTools): void {
  it('delivers what waits when it is closed; it may be closed twice, and drops what comes later', async () => {
    const { exporter, arrived, counts } = await start();
    await exporter.export(entryOf('last'));
    await exporter.close?.();
    await exporter.close?.();
    await exporter.export(entryOf('late'));
    await exporter.flush?.();
    expect(await arrived()).toEqual(['last']);
    expect(counts().dropped).toBe(1);
  });

  it('ends a close although its receiver is down, and counts what is lost', async () => {
    const { exporter, counts, setReceiver, clock } = await start();
    await setReceiver('down');
    await exporter.export(entryOf('lost'));
    const closed = exporter.close?.();
    await until(() => counts().failures > 0);
    clock.advance(10_000);
    await closed;
    expect([counts().delivered, counts().waiting, counts().dropped]).toEqual([0, 0, 1]);
  });
}

function idsOf(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `action-${String(i).padStart(5, '0')}`);
}

/** Flushes until nothing waits, also where an attempt was made just before the receiver came back. */
async function through(exporter: Exporter, clock: FakeClock): Promise<void> {
  const flushed = exporter.flush?.();
  await turn();
  clock.advance(PAUSE_MS);
  await flushed;
}

/** Lets the receiver and the exporter get on until something is the case. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn();
}

function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
