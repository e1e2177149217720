import type { Way } from './peer.ts';
import type { Intent } from './workload.ts';

/** Thrown when a peer gives another verdict than the workload says: its figures would mean nothing. */
export class WrongVerdictError extends Error {}

/** A wrong verdict as the reason why a peer has no figure; any other error is thrown on. */
export function wrongVerdict(error: unknown): { readonly unable: string } {
  if (error instanceof WrongVerdictError) return { unable: `wrong verdict: ${error.message}` };
  throw error;
}

/** The value at `share` (0–1) of the values, by nearest rank. */
export function quantile(values: readonly number[] | Float64Array, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The middle of the values. */
export function median(values: readonly number[] | Float64Array): number {
  return quantile(values, 0.5);
}

/**
 * Judges every intent once, in order, and returns milliseconds for all of them. The verdicts are counted, so the
 * work cannot be optimised away; a count other than expected throws WrongVerdictError.
 */
export async function timePass(way: Way, intents: readonly Intent[]): Promise<number> {
  let expected = 0;
  for (const intent of intents) if (intent.blocked) expected++;
  const { blocked, elapsed } = way.waits ? await waitingPass(way, intents) : pass(way, intents);
  if (blocked !== expected) {
    throw new WrongVerdictError(`blocked ${blocked} of ${intents.length} intents, not ${expected}`);
  }
  return elapsed;
}

/** Checks each verdict by itself; throws WrongVerdictError with the intent. */
export async function checkVerdicts(way: Way, intents: readonly Intent[]): Promise<void> {
  for (const intent of intents) {
    const blocked = await way.decide(intent);
    if (blocked !== intent.blocked) {
      const wrong = `${blocked ? 'blocked' : 'allowed'} ${JSON.stringify(intent.text.slice(0, 80))}`;
      throw new WrongVerdictError(wrong);
    }
  }
}

function pass({ decide }: Way, intents: readonly Intent[]): { blocked: number; elapsed: number } {
  let blocked = 0;
  const start = performance.now();
  for (const intent of intents) if (decide(intent) === true) blocked++;
  return { blocked, elapsed: performance.now() - start };
}

async function waitingPass(
  { decide }: Way,
  intents: readonly Intent[],
): Promise<{ blocked: number; elapsed: number }> {
  let blocked = 0;
  const start = performance.now();
  for (const intent of intents) if ((await decide(intent)) === true) blocked++;
  return { blocked, elapsed: performance.now() - start };
}
