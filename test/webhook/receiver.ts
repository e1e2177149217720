import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Message, type Received, verified } from './verify.ts';

/** Answers the request of this number, from 0. Answering nothing leaves the sender waiting. */
type Reply = (response: ServerResponse, number: number) => void;

/** A real HTTP server on loopback that keeps what it is sent. */
export class Receiver {
  readonly received: Received[] = [];
  readonly url: string;
  #changed: () => void = () => undefined;

  private constructor(port: number) {
    this.url = `http://127.0.0.1:${port}/hook`;
  }

  /** By default it answers everything with 204. Closed at the end of the test. */
  static async start(reply: Reply = (response) => response.writeHead(204).end()): Promise<Receiver> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const receiver = new Receiver((server.address() as AddressInfo).port);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method, url: path, headers } = request;
        const bytes = Buffer.concat(chunks);
        receiver.received.push({ method, path, headers, bytes, text: bytes.toString() });
        reply(response, receiver.received.length - 1);
        receiver.#changed();
      });
    });
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return receiver;
  }

  /** What was received, once there are so many. */
  async until(count: number): Promise<readonly Received[]> {
    while (this.received.length < count) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
    return this.received;
  }

  /** The messages, each checked; once there are so many. */
  async messages(count: number): Promise<readonly Message[]> {
    return (await this.until(count)).map(verified);
  }
}
