import { PolicyViolationError } from '../../src/core/refusals.ts';
import type { ActionGuard } from '../../src/guard.ts';

/** One path in five spellings. */
export const SPELLINGS: readonly string[] = [
  '/etc/passwd',
  '/tmp/../etc/passwd',
  '/etc//passwd',
  '/etc/./passwd',
  '/etc/passwd/',
];

/** The same path, so many times. */
export function etc(times: number): readonly string[] {
  return new Array<string>(times).fill('/etc/passwd');
}

/** A tool that takes a path. */
export function remover(guard: ActionGuard): (path: string) => string {
  return guard.wrap(function remove(path: string) {
    return path;
  });
}

/** What became of a try: a refusal, or that it ran. */
export type Came = Partial<PolicyViolationError> & { readonly ran?: true };

export const RAN: Came = Object.freeze({ ran: true });

/** Calls a sync tool with each of these, one after the other. */
export function tries(tool: (what: string) => unknown, given: readonly string[]): Came[] {
  return given.map((what) => {
    try {
      tool(what);
      return RAN;
    } catch (error) {
      return refusal(error);
    }
  });
}

/** The same for one call of an async tool. */
export async function cameOf(call: () => Promise<unknown>): Promise<Came> {
  try {
    await call();
    return RAN;
  } catch (error) {
    return refusal(error);
  }
}

function refusal(error: unknown): Came {
  if (error instanceof PolicyViolationError) return error;
  throw error;
}
