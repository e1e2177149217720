import { type ClientRequest, type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import type { Clock } from '../core/clock.ts';
import { isPrivateHost } from '../policy/conditions/private-host.ts';
import { PrivateAddressError, publicLookup, type Resolve } from './public-lookup.ts';

/** How much of an answer is read past; what it says is of no interest. */
const MAX_ANSWER_BYTES = 65_536;

/** One attempt to send something. */
export interface Post {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** Whether the host may be this machine or in a private network. */
  readonly allowPrivate: boolean;
  /** For all of it: looking up, connecting, sending, the answer. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Gives up when it fires. */
  readonly signal: AbortSignal;
  /** Default: `dns.lookup`. */
  readonly resolve?: Resolve | undefined;
}

/** What came of an attempt. */
export type Answer =
  | { readonly status: number; readonly retryAfter: string | null }
  /** No answer. `isFinal`: another attempt would fail in the same way. */
  | { readonly status: null; readonly why: string; readonly isFinal: boolean };

/**
 * Posts once, and follows no redirect. Never rejects. Neither the socket nor the timer keeps the process alive; only looking
 * a name up and connecting do, for as long as an attempt may take.
 */
export function post(attempt: Post): Promise<Answer> {
  const { url, allowPrivate } = attempt;
  // A host that is an address is never looked up.
  if (!allowPrivate && isPrivateHost(url.hostname) !== false) {
    return Promise.resolve(failed(new PrivateAddressError(url.hostname, url.hostname)));
  }
  return new Promise((resolve) => {
    try {
      send(attempt, resolve);
    } catch (error) {
      resolve({ status: null, why: `it cannot be sent (${nameOf(error)})`, isFinal: true });
    }
  });
}

function send({ url, headers, body, ...attempt }: Post, settle: (answer: Answer) => void): void {
  const { allowPrivate, timeoutMs, clock, signal, resolve } = attempt;
  const start = url.protocol === 'https:' ? overHttps : overHttp;
  const request = start(url, {
    method: 'POST',
    headers: { ...headers, 'content-length': `${Buffer.byteLength(body)}` },
    // A connection of its own: one from a pool was not looked at when it was made, and a proxy looks names up itself.
    agent: false,
    rejectUnauthorized: true,
    ...(allowPrivate ? {} : { lookup: publicLookup(resolve) }),
  });
  let answer: Answer = { status: null, why: 'the connection was closed without an answer', isFinal: false };
  const cancelTimer = clock.setTimer(
    timeoutMs,
    () => request.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)),
    true,
  );
  const abort = (): void => void request.destroy(new Error('the guard was closed'));
  signal.addEventListener('abort', abort, { once: true });
  letGo(request);
  request.on('response', (response) => {
    answer = { status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] ?? null };
    readPast(response, request);
  });
  request.on('error', (error) => {
    if (answer.status === null) answer = failed(error);
  });
  request.on('close', () => {
    cancelTimer();
    signal.removeEventListener('abort', abort);
    settle(answer);
  });
  request.end(body);
}

/** Lets the process end while an answer is waited for. */
function letGo(request: ClientRequest): void {
  request.on('socket', (socket) => {
    socket.unref();
    // Of several addresses that were tried, the one that answered has a handle of its own.
    socket.once('connect', () => socket.unref());
  });
}

function readPast(response: IncomingMessage, request: ClientRequest): void {
  let bytes = 0;
  response.on('error', () => undefined);
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) request.destroy();
  });
}

function failed(error: unknown): Answer {
  return { status: null, why: nameOf(error), isFinal: error instanceof PrivateAddressError };
}

/** The code of a system's error, which says enough; else its message. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const { code } = error as NodeJS.ErrnoException;
  return code ?? error.message;
}
