import fc from 'fast-check';

/** One seed a run, printed by announce-seed.ts, so that a failing property can be run again: `PLYRA_SEED=… npm test`. */
export const seed = Number(process.env.PLYRA_SEED ?? 20261121);

/** How often a property runs: once as written in `npm test`, `PLYRA_RUNS` times as often in `npm run soak`. */
export const soakFactor = Number(process.env.PLYRA_RUNS ?? 1);

fc.configureGlobal({ seed, numRuns: 100 * soakFactor });
