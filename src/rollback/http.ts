import type { Awaitable } from '../core/awaitable.ts';
import { isThenable } from '../core/awaitable.ts';
import { IrreversibleError, RollbackFailedError } from '../core/errors.ts';
import type { ActionIntent } from '../core/intent.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { BlobKeeper, RestoreContext, RestoreNote, RollbackHandler } from './handler.ts';
import { headOf, type KeptRequest, readRequest, writeRequest } from './http/kept-request.ts';

/** The name that snapshots of compensations carry, in whichever process they are made or used. */
export const HTTP_HANDLER = 'http';

/** How long an answer is waited for, in milliseconds. */
const TIMEOUT_MS = 30_000;
/** How much of an answer is journaled, in characters, and how much of it is read for that, in bytes. */
const EXCERPT = 500;
const EXCERPT_BYTES = 2_048;
/** What is shorter says nothing by itself, and stands in any answer. */
const LEAST_SECRET = 6;

/**
 * A request that undoes an action: a `Request`, or its parts. Only URL, method (default POST), headers and body are kept,
 * at most 1 MB of body. A body that is a stream, as that of every `Request` is, takes a tool that can wait.
 */
export interface CompensationRequest {
  readonly url: string | URL;
  readonly method?: string | undefined;
  readonly headers?: Iterable<readonly [string, string]> | Readonly<Record<string, string>> | undefined;
  readonly body?:
    | string
    | Uint8Array
    | ArrayBuffer
    | AsyncIterable<unknown>
    | { getReader(): unknown }
    | null
    | undefined;
}

/**
 * Describes what undoes an action that has just run. `intent` is what was judged; `result` what the tool returned. `null` or
 * `undefined`: nothing does.
 */
export type Compensate = {
  // A method's parameters may be narrowed by whoever writes the function: they know what their tool returns.
  compensate(intent: ActionIntent, result: unknown): Awaitable<CompensationRequest | null | undefined>;
}['compensate'];

/**
 * Has a tool undone by the request that its developer describes. It is asked for right after the act and kept with the
 * snapshot; where there is none the action is irreversible. Nothing of what was thrown or returned instead is told, for it
 * may hold what the request would have held.
 */
export function compensation(compensate: Compensate): RollbackHandler {
  return {
    ...httpHandler(),
    capture: () => ({ request: null }),
    after(_snapshot, { succeeded, result }, { intent, keeper }) {
      if (!succeeded) throw new IrreversibleError('the tool failed, so there is nothing to compensate for');
      let told: unknown;
      try {
        told = compensate(intent, result);
      } catch (error) {
        throw withoutText(error);
      }
      if (!isThenable(told)) return keep(told, keeper);
      return Promise.resolve(told).then(
        (later) => keep(later, keeper),
        (error: unknown) => {
          throw withoutText(error);
        },
      );
    },
  };
}

/**
 * Sends what compensations kept, wherever that was. No redirect is followed. A request may arrive twice, as after a crash:
 * it then carries the same `Idempotency-Key`, the snapshot's id, unless it has one of its own.
 */
export function httpHandler(timeoutMs: number = TIMEOUT_MS): RollbackHandler & { readonly name: string } {
  return {
    name: HTTP_HANDLER,
    actionTypes: [],
    capture: () => undefined,
    restore: (snapshot, context) => send(snapshot, context, timeoutMs),
  };
}

function keep(described: unknown, keeper: BlobKeeper): Awaitable<{ readonly request: string }> {
  const kept = (content: Uint8Array) => ({ request: keeper.keep(content).hash });
  const written = writeRequest(described);
  return written instanceof Promise ? written.then(kept) : kept(written);
}

function withoutText(error: unknown): IrreversibleError {
  try {
    if (error instanceof IrreversibleError) return error;
    if (error instanceof Error && /^\w{1,40}$/.test(error.name)) return failedBy(` (${error.name})`);
  } catch {
    // A proxy that was revoked cannot be asked what it is.
  }
  return failedBy('');
}

function failedBy(name: string): IrreversibleError {
  return new IrreversibleError(
    `its \`compensate\` failed${name}; what it said is not kept, as it may hold parts of the request`,
  );
}

async function send(snapshot: Snapshot, { blobs }: RestoreContext, timeoutMs: number): Promise<RestoreNote> {
  const { data, id, actionId } = snapshot;
  const hash = (data as { readonly request?: unknown } | null)?.request;
  if (typeof hash !== 'string') {
    throw new RollbackFailedError(
      `The action ${actionId} was not rolled back. The request that undoes it was never kept: the process ended before its \`compensate\` had said what it is.`,
      { actionId },
    );
  }
  const request = readRequest(blobs.read(hash));
  const headers = new Headers(request.headers.map(([name, value]) => [name, value]));
  if (!headers.has('idempotency-key')) headers.set('idempotency-key', id);
  const response = await answerTo(request, headers, timeoutMs);
  const answer = withoutParts(await beginningOf(response), request);
  if (response.ok) return { noted: { status: response.status, answer } };
  throw new Error(
    `Its compensating request was answered with ${response.status}, and only 2xx counts as done` +
      `${response.status >= 300 && response.status < 400 ? '; redirects are not followed' : ''}. ` +
      `It can be tried again, with the same Idempotency-Key. The answer begins: ${JSON.stringify(answer)}`,
  );
}

/** What is thrown names no part of the request: only what the system calls the failure. */
async function answerTo(request: KeptRequest, headers: Headers, timeoutMs: number): Promise<Response> {
  const { url, method, body } = request;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return await fetch(url, { method, headers, body, signal, redirect: 'manual' });
  } catch (error) {
    const why = signal.aborted ? `no answer within ${timeoutMs} ms` : codeOf(error);
    throw new Error(
      `Its compensating request may not have arrived: ${why}. It can be tried again, with the same Idempotency-Key`,
    );
  }
}

function codeOf(error: unknown): string {
  const { cause } = error as { readonly cause?: unknown };
  const { code } = (cause ?? error) as { readonly code?: unknown };
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : 'the connection failed';
}

/** What is left of an answer that breaks off is enough: its status has come. */
async function beginningOf({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const piece of body ?? []) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes >= EXCERPT_BYTES) break;
    }
  } catch {
    // See above.
  }
  return new TextDecoder().decode(Buffer.concat(pieces).subarray(0, EXCERPT_BYTES));
}

/** Servers echo what they are sent: no part of the request is journaled with the answer. */
function withoutParts(answer: string, request: KeptRequest): string {
  let text = answer;
  for (const part of partsOf(request).sort((a, b) => b.length - a.length)) {
    text = text.replaceAll(part, '[request]');
  }
  return text.slice(0, EXCERPT);
}

function partsOf(request: KeptRequest): string[] {
  const { headers, body } = request;
  const { pathname, search, searchParams } = headOf(request);
  const parts = [
    ...[pathname, search, ...pathname.split('/'), ...searchParams.values()],
    ...headers.flatMap(([, value]) => [value, ...value.split(/[\s,;=]+/)]),
    ...(body === null ? [] : [new TextDecoder().decode(body)]),
  ];
  return parts.filter((part) => part.length >= LEAST_SECRET);
}
