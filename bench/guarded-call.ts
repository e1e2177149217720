import { ActionGuard, Policy } from 'plyra-guard';
import { quantile } from './measure.ts';
import { regexOf, SHORT } from './workload.ts';
import { regexRules } from './workloads/regex-rules.ts';

/** Microseconds for one whole call: judged, recorded, run, settled. */
export interface CallTimes {
  readonly p50: number;
  readonly p99: number;
}

/** Calls that are timed one by one; the 99th percentile then stands on more than 1,000 calls. */
export const TIMED_CALLS = 200_000;
const WARM_UP_CALLS = 30_000;

/** The arguments of the tool that is guarded. */
export interface ReadArguments {
  readonly key: string;
  readonly range: string;
}

const KEYS: readonly string[] = Array.from({ length: 64 }, (_, i) => `reports/2031/page-${i}.csv`);

/** A guard in memory with 100 regex rules of the comparison, none of which blocks the calls that are timed. */
export function guardInMemory(): ActionGuard {
  return new ActionGuard({ policy: hundredRules(), snapshotPath: null });
}

/** The same guard with every limit and budget of a config in force, none of which is reached. */
export function guardWithLimits(): ActionGuard {
  const config = { rateLimits: { default: '1000000/sec' } };
  return new ActionGuard({ policy: hundredRules(), config, snapshotPath: null });
}

/** 100 regex rules of the comparison. */
export function hundredRules(): Policy {
  const rules = regexRules(100, SHORT).rules.map((rule) => ({
    pattern: regexOf(rule),
    action: 'block' as const,
    reason: 'benchmark',
  }));
  return new Policy({ rules, defaultAction: 'allow' });
}

/** Times calls of a tool that does next to nothing, through the guard. */
export function timeSyncCalls(guard: ActionGuard, calls: number = TIMED_CALLS): CallTimes {
  const read = guard.wrap(({ key }: ReadArguments): number => key.length);
  for (let i = 0; i < WARM_UP_CALLS; i++) read(argumentsOf(i));
  const times = new Float64Array(calls);
  for (let i = 0; i < calls; i++) {
    const start = performance.now();
    read(argumentsOf(i));
    times[i] = (performance.now() - start) * 1000;
  }
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

/** The same for an async tool; each call is awaited before the next. */
export async function timeAsyncCalls(guard: ActionGuard, calls: number = TIMED_CALLS): Promise<CallTimes> {
  const read = guard.wrap(async ({ key }: ReadArguments): Promise<number> => key.length);
  for (let i = 0; i < WARM_UP_CALLS; i++) await read(argumentsOf(i));
  const times = new Float64Array(calls);
  for (let i = 0; i < calls; i++) {
    const start = performance.now();
    await read(argumentsOf(i));
    times[i] = (performance.now() - start) * 1000;
  }
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

/** A fresh arguments object, as each call of an agent has. */
export function argumentsOf(call: number): ReadArguments {
  return { key: KEYS[call % KEYS.length] ?? '', range: 'all' };
}
