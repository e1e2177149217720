/** Most bytes that wait for a client, before it has fallen behind. */
const MAX_WAITING = 256 * 1024;

const encoder = new TextEncoder();

/** A client of the live stream: what is sent to it, and how far it has come. */
export class StreamClient {
  /** Clients with the same key want the same entries. */
  readonly key: string;
  readonly body: ReadableStream<Uint8Array>;
  /** All that it wants through this position was sent to it. */
  position: number;
  /** False while it is sent what it missed. */
  isLive = false;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #isBehind = false;

  /** `replay` sends what was missed, whenever there is room; `left` is told when the client is gone. */
  constructor(options: {
    readonly key: string;
    readonly position: number;
    readonly replay: (client: StreamClient) => Promise<void>;
    readonly left: (client: StreamClient) => void;
  }) {
    this.key = options.key;
    this.position = options.position;
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => (this.isLive ? undefined : options.replay(this)),
        cancel: () => {
          this.#controller = undefined;
          options.left(this);
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: MAX_WAITING }),
    );
  }

  /** True from when something did not fit until it is told so. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** Whether half of its queue is free. */
  get hasRoom(): boolean {
    return (this.#controller?.desiredSize ?? 0) >= MAX_WAITING / 2;
  }

  /** Sends bytes, where they fit; a client that is behind is sent nothing more. */
  send(bytes: Uint8Array): void {
    if (this.#isBehind || this.#controller === undefined) return;
    // One piece that is larger than the queue goes into an empty one.
    const room = this.#controller.desiredSize ?? 0;
    if (bytes.byteLength > room && room < MAX_WAITING) this.#isBehind = true;
    else this.#controller.enqueue(bytes);
  }

  /** Tells a client that it has missed something, and goes on from a position. */
  reset(position: number, reason: string): void {
    this.#isBehind = false;
    this.isLive = true;
    this.position = position;
    this.send(encode(`event: reset\nid: ${position}\ndata: ${JSON.stringify({ reason })}\n\n`));
  }

  /** Ends the stream. */
  close(): void {
    try {
      this.#controller?.close();
    } catch {
      // It was closed by the other end.
    }
    this.#controller = undefined;
  }
}

/** A text as it is sent. */
export function encode(text: string): Uint8Array {
  return encoder.encode(text);
}
