import { checkVerdicts, median, quantile, timePass, wrongVerdict } from './measure.ts';
import type { Peer, Way } from './peer.ts';
import type { Intent, Workload } from './workload.ts';

/** One cell of a table: what a peer needs for a call, or why it has no figure. */
export type Figure =
  | { readonly micros: number; readonly setupMs: number; readonly label: string }
  | { readonly unable: string };

/** How long each peer may run, in milliseconds. */
export interface Budget {
  readonly warmUp: number;
  readonly measured: number;
}

/** A way to drive a peer, warmed up, and the intents that it is timed on. */
export interface Racer {
  readonly way: Way;
  readonly intents: readonly Intent[];
  readonly setupMs: number;
}

/** Turns a peer takes within its measured time: load on the machine then meets all of them alike. */
const TURNS = 6;
/** A batch longer than this is cut to fewer intents, so that slow peers still give several samples. */
const LONGEST_BATCH_MS = 60;

/** Lets the peers judge the same intents in turns. Gives each one's median over batches, in microseconds a call. */
export async function contest(
  workload: Workload,
  peers: readonly Peer[],
  budget: Budget,
): Promise<ReadonlyMap<string, Figure>> {
  const figures = new Map<string, Figure>();
  const racing: { readonly name: string; readonly racer: Racer; readonly samples: number[] }[] = [];
  for (const peer of peers) {
    const racer = await prepare(peer, workload, budget.warmUp).catch(wrongVerdict);
    // Also for those that race: the map keeps the order of the peers.
    figures.set(peer.name, { unable: 'not measured' });
    if ('unable' in racer) figures.set(peer.name, racer);
    else racing.push({ name: peer.name, racer, samples: [] });
  }
  for (let turn = 0; turn < TURNS; turn++) {
    for (let i = 0; i < racing.length; i++) {
      const next = racing[(i + turn) % racing.length];
      if (next !== undefined) next.samples.push(...(await batches(next.racer, budget.measured / TURNS)));
    }
  }
  for (const { name, racer, samples } of racing) {
    figures.set(name, { micros: median(samples), setupMs: racer.setupMs, label: racer.way.label });
  }
  return figures;
}

/** Loads the rules, checks the verdicts on every intent that is timed, warms up, and keeps the fastest way. */
export async function prepare(
  peer: Peer,
  workload: Workload,
  warmUpMs: number,
): Promise<Racer | { readonly unable: string }> {
  const start = performance.now();
  const ways = await peer.setup(workload);
  if ('unable' in ways) return ways;
  const setupMs = (performance.now() - start) / ways.length;
  let best: { racer: Racer; micros: number } | null = null;
  for (const way of ways) {
    const probe = workload.intents.slice(0, 4);
    const intents = shortened(workload.intents, (await timePass(way, probe)) / probe.length);
    await checkVerdicts(way, intents);
    const racer = { way, intents, setupMs };
    const micros = quantile(await batches(racer, warmUpMs), 0);
    if (best === null || micros < best.micros) best = { racer, micros };
  }
  if (best === null) throw new Error(`${peer.name} offers no way for ${workload.title}`);
  return best.racer;
}

/** Runs batches for a while, at least one. Gives microseconds a call for each. */
export async function batches({ way, intents }: Racer, milliseconds: number): Promise<number[]> {
  const samples: number[] = [];
  const end = performance.now() + milliseconds;
  do samples.push(((await timePass(way, intents)) * 1000) / intents.length);
  while (performance.now() < end);
  return samples;
}

/** A front part of the intents: any 4 neighbours hold one of each kind, so the mix stays the same. */
function shortened(intents: readonly Intent[], millisEach: number): readonly Intent[] {
  let count = intents.length;
  while (count >= 8 && count % 8 === 0 && count * millisEach > LONGEST_BATCH_MS) count /= 2;
  return intents.slice(0, count);
}
