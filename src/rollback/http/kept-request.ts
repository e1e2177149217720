import { IrreversibleError } from '../../core/errors.ts';

/** A request as it is kept. */
export interface KeptRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array<ArrayBuffer> | null;
}

/** The largest body, in bytes. */
const MOST_BODY = 1 << 20;
/** The most that URL and headers may have, in characters. */
const MOST_HEAD = 1 << 16;

/**
 * A request as bytes to be kept: at once, unless its body is a stream, which is read to its end. Throws, or rejects with,
 * IrreversibleError for what is no request or too large; the error tells nothing of what it holds.
 */
export function writeRequest(described: unknown): Uint8Array | Promise<Uint8Array> {
  const { body, ...head } = withoutText(() => readParts(described));
  if (body === null || body instanceof Uint8Array) return bytesOf(head, body);
  return readStream(body).then((read) => bytesOf(head, read));
}

/** A request that was kept. Throws where it was damaged. */
export function readRequest(pieces: Iterable<Uint8Array>): KeptRequest {
  const kept: unknown = JSON.parse(Buffer.concat([...pieces]).toString());
  const { method, url, headers, body } = kept as Record<keyof KeptRequest, unknown>;
  const isWhole =
    typeof method === 'string' &&
    typeof url === 'string' &&
    Array.isArray(headers) &&
    (body === null || typeof body === 'string');
  if (!isWhole) throw new Error('The request that was kept cannot be read');
  return { method, url, headers, body: body === null ? null : new Uint8Array(Buffer.from(body, 'base64')) };
}

/** Where a kept request goes. */
export function headOf({ url }: KeptRequest): URL {
  return new URL(url);
}

type Head = Omit<KeptRequest, 'body'>;
type Parts = Head & { readonly body: Uint8Array | AsyncIterable<unknown> | null };

function readParts(described: unknown): Parts {
  if (described === null || described === undefined) throw unfit('returned no request');
  if (typeof described !== 'object') throw unfit('returned something that is no request');
  const { url: written, method = 'POST', headers: given, body = null, bodyUsed } = described as RequestLike;
  if (bodyUsed === true) throw unfit('returned a request whose body was read before');
  const url = readUrl(written);
  if (typeof method !== 'string') throw unfit('returned a request without a method that is a text');
  const headers = new Headers(given ?? {});
  // The length is that of what is sent.
  headers.delete('content-length');
  if (typeof body === 'string' && !headers.has('content-type')) {
    headers.set('content-type', 'text/plain;charset=UTF-8');
  }
  // Checks the method, too.
  const { method: checked } = new Request(url, { method: method.toUpperCase(), headers });
  if (body !== null && (checked === 'GET' || checked === 'HEAD')) {
    throw unfit(`returned a ${checked} request with a body`);
  }
  const head = { method: checked, url: url.href, headers: [...headers] };
  if (JSON.stringify(head).length > MOST_HEAD) {
    throw unfit(`returned a request whose URL and headers have more than ${MOST_HEAD} characters`);
  }
  return { ...head, body: readBody(body) };
}

/** What a request may be, as far as it is looked at. */
interface RequestLike {
  readonly url?: unknown;
  readonly method?: unknown;
  readonly headers?: Record<string, string> | undefined;
  readonly body?: unknown;
  readonly bodyUsed?: unknown;
}

function readUrl(written: unknown): URL {
  if (typeof written !== 'string' && !(written instanceof URL)) throw unfit('returned no request');
  if (!URL.canParse(String(written))) throw unfit('returned a request whose URL is not an absolute one');
  const url = new URL(written);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw unfit('returned a request whose URL is neither https nor http');
  }
  if (url.username !== '' || url.password !== '') {
    throw unfit('returned a request with credentials in its URL: put them in a header');
  }
  return url;
}

function readBody(body: unknown): Parts['body'] {
  if (body === null || body === undefined) return null;
  if (typeof body === 'string') return limited(Buffer.from(body));
  if (body instanceof Uint8Array) return limited(body);
  if (body instanceof ArrayBuffer) return limited(new Uint8Array(body));
  if (typeof body === 'object' && Symbol.asyncIterator in body) return body as AsyncIterable<unknown>;
  throw unfit('returned a request whose body is neither text nor bytes nor a stream');
}

async function readStream(stream: AsyncIterable<unknown>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const piece of stream) {
      if (!(piece instanceof Uint8Array)) throw unfit('returned a stream of something that is no bytes');
      bytes += piece.length;
      if (bytes > MOST_BODY) throw tooLarge();
      pieces.push(piece);
    }
  } catch (error) {
    throw error instanceof IrreversibleError ? error : unfit('returned a request whose body broke off');
  }
  return Buffer.concat(pieces);
}

function limited(body: Uint8Array): Uint8Array {
  if (body.length > MOST_BODY) throw tooLarge();
  return body;
}

function bytesOf(head: Head, body: Uint8Array | null): Uint8Array {
  const kept = { ...head, body: body === null ? null : Buffer.from(body).toString('base64') };
  return Buffer.from(JSON.stringify(kept));
}

/** What the platform says of a wrong request quotes it. */
function withoutText<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof IrreversibleError ? error : unfit('returned something that is no request');
  }
}

function unfit(what: string): IrreversibleError {
  return new IrreversibleError(`its \`compensate\` ${what}`);
}

function tooLarge(): IrreversibleError {
  return unfit(`returned a request whose body has more than ${MOST_BODY} bytes`);
}
