import { createHash } from 'node:crypto';
import type { Argument } from '../../../src/core/argument.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import type { ActionIntent, IrreversibleError } from '../../../src/index.ts';
import type { BlobKeeper, RestoreContext, RollbackHandler } from '../../../src/rollback/handler.ts';

/** Contents in memory. */
export class Contents implements BlobKeeper {
  readonly #kept = new Map<string, Uint8Array>();

  keep(content: Uint8Array | Iterable<Uint8Array>): { hash: string; bytes: number } {
    const bytes = content instanceof Uint8Array ? content : Buffer.concat([...content]);
    const hash = createHash('sha256').update(bytes).digest('hex');
    this.#kept.set(hash, bytes);
    return { hash, bytes: bytes.length };
  }

  *read(hash: string): Iterable<Uint8Array> {
    const bytes = this.#kept.get(hash);
    if (bytes === undefined) throw new Error(`no content ${hash}`);
    for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
  }

  get size(): number {
    return this.#kept.size;
  }
}

export const contents = new Contents();
const CONTEXT: RestoreContext = { blobs: contents };

/** A call that runs a statement. */
export interface Call {
  readonly sql: string;
  readonly params?: unknown;
}

export function intentOf({ sql, params }: Call): ActionIntent {
  const parameters = params === undefined ? { sql } : { sql, params };
  return { actionType: 'db.execute', parameters } as unknown as ActionIntent;
}

export function argumentsOf({ sql }: Call): readonly Argument[] {
  return [{ name: 'sql', kind: 'sql', isSure: true, text: sql, argv: null, at: 0 }];
}

/** Why a call could not be undone, said before it runs. */
export async function irreversible(handler: RollbackHandler, call: Call): Promise<string | null> {
  return (await handler.irreversible?.(intentOf(call), { arguments: argumentsOf(call) })) ?? null;
}

/** What is known of an act that was captured. */
export interface Acted {
  /** `null` where the statement changes no rows. */
  readonly snapshot: Snapshot | null;
  /** What the handler said after the act, where it cannot be undone. */
  readonly lost: IrreversibleError | null;
  readonly result: unknown;
  /** What the tool threw, where the handler could not tell what it had done by then. */
  readonly failure?: unknown;
}

/**
 * Captures, runs and notes as a guard does, through JSON as a store does. Throws what capturing throws, and what the tool
 * throws once that is noted.
 */
export async function act(handler: RollbackHandler, call: Call, run: () => unknown): Promise<Acted> {
  const captured = await handler.capture(intentOf(call), { blobs: contents, arguments: argumentsOf(call) });
  if (captured === null || captured === undefined) return { snapshot: null, lost: null, result: await run() };
  const data: unknown = stored(captured);
  const before = (await handler.state?.({ data }, 'before', CONTEXT)) ?? null;
  const snapshot = { id: 's', actionId: 'a', data, before, after: null } as unknown as Snapshot;
  let result: unknown;
  let failure: { readonly error: unknown } | null = null;
  try {
    result = await run();
  } catch (error) {
    failure = { error };
  }
  try {
    const noted = await handler.after?.(
      snapshot,
      { succeeded: failure === null, result },
      { ...CONTEXT, keeper: contents, intent: intentOf(call) },
    );
    const after = (await handler.state?.({ data: noted }, 'after', CONTEXT)) ?? null;
    if (failure !== null) throw failure.error;
    return { snapshot: { ...snapshot, data: stored(noted), after }, lost: null, result };
  } catch (error) {
    if (error === failure?.error) throw error;
    if ((error as Error).name !== 'IrreversibleError') throw error;
    return { snapshot, lost: error as IrreversibleError, result, failure: failure?.error };
  }
}

/** Puts back what a call changed. */
export async function undo(handler: RollbackHandler, { snapshot }: Acted): Promise<void> {
  if (snapshot !== null) await handler.restore(snapshot, CONTEXT);
}

/** What is there now of all that a snapshot is about. */
export async function now(handler: RollbackHandler, { snapshot }: Acted) {
  return snapshot === null ? {} : handler.state?.(snapshot, 'now', CONTEXT);
}

/** As a store hands it back. */
function stored<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
