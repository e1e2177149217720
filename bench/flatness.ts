import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { argumentsOf, guardInMemory, type ReadArguments } from './guarded-call.ts';
import { median } from './measure.ts';

/** How a guard that has served many calls differs from a fresh one. */
export interface Flatness {
  /** Median of the first 100,000 calls after warm-up, in microseconds. */
  readonly first: number;
  /** Median of the last 100,000 of 1,000,000 calls, in microseconds. */
  readonly last: number;
  /** Heap in use after a full collection: at the end less after the first 100,000 calls, in megabytes. */
  readonly grownMb: number;
}

const CALLS = 1_000_000;
const WINDOW = 100_000;

/** Makes 1,000,000 guarded calls on one guard in memory, whose audit buffer is full after the first 100,000. */
export function measureFlatness(): Flatness {
  const guard = guardInMemory();
  const read = guard.wrap(({ key }: ReadArguments): number => key.length);
  for (let i = 0; i < 30_000; i++) read(argumentsOf(i));
  const first = timedWindow(read);
  const before = heapInUse();
  for (let i = WINDOW; i < CALLS - WINDOW; i++) read(argumentsOf(i));
  const last = timedWindow(read);
  const after = heapInUse();
  // The guard is still used here, so what it holds counts in both figures.
  read(argumentsOf(0));
  return { first, last, grownMb: (after - before) / 1e6 };
}

function timedWindow(read: (input: ReadArguments) => number): number {
  const times = new Float64Array(WINDOW);
  for (let i = 0; i < WINDOW; i++) {
    const start = performance.now();
    read(argumentsOf(i));
    times[i] = (performance.now() - start) * 1000;
  }
  return median(times);
}

/** Heap in use after a full collection, in bytes. */
export function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('this Node offers no way to collect garbage on demand');
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
