import { seed, soakFactor } from './seed.ts';

/** Runs once before all tests: says with which seed the properties run, and how often. */
export default function announceSeed(): void {
  if (!Number.isInteger(seed))
    throw new Error(`PLYRA_SEED must be a whole number, not ${process.env.PLYRA_SEED}.`);
  if (!(soakFactor >= 1)) throw new Error(`PLYRA_RUNS must be 1 or more, not ${process.env.PLYRA_RUNS}.`);
  process.stdout.write(`Properties run ${100 * soakFactor} times with PLYRA_SEED=${seed}.\n`);
}
