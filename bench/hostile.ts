import type { Budget, Figure } from './contest.ts';
import { median, timePass, wrongVerdict } from './measure.ts';
import type { Peer, Way } from './peer.ts';
import type { Intent, Workload } from './workload.ts';

/** A call slower than this, in milliseconds, is not waited for. */
const GIVE_UP_MS = 3_000;
/** A call slower than this, in milliseconds, is timed once. */
const ONCE_MS = 200;
/** Intents grow to the full length by doubling from here, so that a matcher that backtracks is stopped in time. */
const SHORTEST = 640;

/** Every peer on hostile intents, one after the other. */
export async function faceAll(
  peers: readonly Peer[],
  makeWorkload: (length: number) => Workload,
  length: number,
  budget: Budget,
): Promise<ReadonlyMap<string, Figure>> {
  const figures = new Map<string, Figure>();
  for (const peer of peers) {
    figures.set(peer.name, await face(peer, makeWorkload, length, budget).catch(wrongVerdict));
  }
  return figures;
}

/**
 * One peer on hostile intents. The figure is its median on the intent that is the worst for it. Shorter intents come
 * first: when the next length would take too long by the growth so far, the peer gets no figure, and the
 * reason says what was measured. Every verdict is checked.
 */
async function face(
  peer: Peer,
  makeWorkload: (length: number) => Workload,
  length: number,
  budget: Budget,
): Promise<Figure> {
  const start = performance.now();
  const ways = await peer.setup(makeWorkload(SHORTEST));
  if ('unable' in ways) return ways;
  const setupMs = (performance.now() - start) / ways.length;
  const first = await fastestOf(ways, makeWorkload(SHORTEST).intents);
  const way = first[0];
  let previous = first[1];
  let growth = 2;
  for (let reached = SHORTEST; reached < length; ) {
    // What grows faster than in proportion has shown its cube or worse only in part.
    const expected = previous * (growth > 3 ? Math.max(growth, 8) : growth);
    if (expected > GIVE_UP_MS) {
      return {
        unable: `${(previous / 1000).toFixed(1)} s a call at ${reached} characters, ×${growth.toFixed(0)} per doubling`,
      };
    }
    reached = Math.min(reached * 2, length);
    const [, worst] = await fastestOf([way], makeWorkload(reached).intents);
    growth = Math.max(2, worst / previous);
    previous = worst;
  }
  const { intents } = makeWorkload(length);
  const micros = previous > ONCE_MS ? previous * 1000 : await worstMedian(way, intents, budget);
  return { micros, setupMs, label: way.label };
}

/** The way whose slowest call is fastest, and that call in milliseconds. */
async function fastestOf(ways: readonly Way[], intents: readonly Intent[]): Promise<[Way, number]> {
  let best: [Way, number] | null = null;
  for (const way of ways) {
    let worst = 0;
    for (const intent of intents) worst = Math.max(worst, await timePass(way, [intent]));
    if (best === null || worst < best[1]) best = [way, worst];
  }
  if (best === null) throw new Error('a peer offers at least one way');
  return best;
}

/** The median of the intent that takes longest, in microseconds. Every intent is timed at least 3 times. */
export async function worstMedian(way: Way, intents: readonly Intent[], budget: Budget): Promise<number> {
  const samples = intents.map((): number[] => []);
  const warm = performance.now() + budget.warmUp;
  while (performance.now() < warm) for (const intent of intents) await timePass(way, [intent]);
  const end = performance.now() + budget.measured;
  for (let round = 0; round < 3 || performance.now() < end; round++) {
    for (const [at, intent] of intents.entries()) samples[at]?.push((await timePass(way, [intent])) * 1000);
  }
  return Math.max(...samples.map(median));
}
