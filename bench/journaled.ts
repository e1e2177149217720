import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ActionGuard } from 'plyra-guard';
import { heapInUse } from './flatness.ts';
import { argumentsOf, hundredRules, type ReadArguments, timeSyncCalls } from './guarded-call.ts';
import { quantile } from './measure.ts';

const IN_FLIGHT = 64;
const SYNC_CALLS = 20_000;
const ASYNC_CALLS = 60_000;
const MANY = 1_000_000;
const QUERIES = 200;

/** Notes one value of a bound. */
export type Note = (id: string, value: number) => void;

/** Calls with a journal on disk, in a folder of their own: a sync tool one by one, an async tool 64 at a time. */
export async function measureJournaled(note: Note): Promise<void> {
  await withJournal(async (guard) => {
    const sync = timeSyncCalls(guard, SYNC_CALLS);
    note('journal-sync-p50', sync.p50);
    note('journal-sync-p99', sync.p99);
  });
  await withJournal(async (guard) => note('journal-async-rate', await callsPerSecond(guard)));
}

/** 1,000,000 calls on one journal: what they leave in memory, and how fast the log of so many is read. */
export async function measureLongJournal(note: Note): Promise<void> {
  await withJournal(async (guard) => {
    const read = guard.wrap(({ key }: ReadArguments): number => key.length);
    for (let i = 0; i < MANY / 10; i++) read(argumentsOf(i));
    const before = heapInUse();
    for (let i = MANY / 10; i < MANY; i++) read(argumentsOf(i));
    note('journal-flat-memory', (heapInUse() - before) / 1e6);
    guard.getAuditLog({ limit: 100 });
    const times = new Float64Array(QUERIES);
    for (let i = 0; i < QUERIES; i++) {
      const start = performance.now();
      if (guard.getAuditLog({ limit: 100 }).length !== 100) throw new Error('the log has fewer entries');
      times[i] = performance.now() - start;
    }
    note('journal-query', quantile(times, 0.5));
  });
}

async function callsPerSecond(guard: ActionGuard): Promise<number> {
  const read = guard.wrap(async ({ key }: ReadArguments): Promise<number> => key.length);
  const agent = async (calls: number): Promise<void> => {
    for (let i = 0; i < calls; i++) await read(argumentsOf(i));
  };
  const run = (calls: number): Promise<unknown> =>
    Promise.all(Array.from({ length: IN_FLIGHT }, () => agent(calls / IN_FLIGHT)));
  await run(ASYNC_CALLS / 4);
  const start = performance.now();
  await run(ASYNC_CALLS);
  await guard.flush();
  return ASYNC_CALLS / ((performance.now() - start) / 1000);
}

async function withJournal(work: (guard: ActionGuard) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'plyra-bench-'));
  const guard = new ActionGuard({ policy: hundredRules(), snapshotPath: join(folder, 'journal.db') });
  try {
    await work(guard);
  } finally {
    await guard.close();
    rmSync(folder, { recursive: true });
  }
}
