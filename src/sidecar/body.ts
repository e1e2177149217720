import { ProblemError } from './problem.ts';

/** Most bytes of a body, unless a route says otherwise. */
export const MAX_BODY = 1024 * 1024;

/** The body of a request as JSON. Throws ProblemError for one that is too large, of another type, or no JSON. */
export async function readJson(request: Request, maxBytes: number = MAX_BODY): Promise<unknown> {
  checkType(request);
  const text = await readText(request, maxBytes);
  try {
    return JSON.parse(text);
  } catch {
    throw new ProblemError(400, 'The body is not valid JSON.');
  }
}

/** A form of another page can send any text, but not this type: the browser asks first. */
function checkType({ headers }: Request): void {
  const type = headers.get('content-type') ?? '';
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type)) {
    throw new ProblemError(415, 'Send JSON, with the header `Content-Type: application/json`.');
  }
  const encoding = headers.get('content-encoding');
  if (encoding !== null && encoding.toLowerCase() !== 'identity') {
    throw new ProblemError(415, 'Send the body as it is: compressed bodies are not read.');
  }
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  const length = request.headers.get('content-length');
  if (length !== null) {
    if (!(Number(length) <= maxBytes)) throw tooLarge(maxBytes);
    // The server reads no more than the length that was told.
    return request.text();
  }
  return request.body === null ? '' : readPieces(request.body, maxBytes);
}

async function readPieces(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.byteLength;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

function tooLarge(maxBytes: number): ProblemError {
  return new ProblemError(413, `The body has more than ${maxBytes} bytes. Send less at once.`);
}
