import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { compensation } from '../../src/rollback/http.ts';
import { type RollbackHarness, rollbackHandlerSuite } from '../../src/testing/index.ts';
import { shelfHarness } from './shelf.ts';

// #region suite
rollbackHandlerSuite('a shelf', () => shelfHarness(), { describe, it, expect });
// #endregion
rollbackHandlerSuite('http', roomsHarness, { describe, it, expect });

const servers: ReturnType<typeof createServer>[] = [];
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server that books and frees rooms, and does once what comes twice with one Idempotency-Key. */
async function roomsHarness(): Promise<RollbackHarness> {
  const rooms = new Set(['red']);
  const done = new Set<string>();
  let breaksOff = false;
  const answer = ({ method, url = '', headers }: IncomingMessage, response: ServerResponse): void => {
    const key = String(headers['idempotency-key']);
    const isNew = !done.has(key);
    if (method === 'POST') rooms.add(url);
    const found = method === 'POST' || !isNew || rooms.delete(url);
    if (method !== 'POST') done.add(key);
    if (breaksOff) response.destroy();
    else response.writeHead(found ? 204 : 404).end();
    breaksOff = false;
  };
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const book = (room: string) => ({
    actionType: 'room.book',
    parameters: { room },
    act: async () => {
      await fetch(`${base}/${room}`, { method: 'POST' });
      return { freed: `${base}/${room}` };
    },
  });
  return {
    handler: () =>
      compensation((_intent, { freed }: { freed: string }) => ({ url: freed, method: 'DELETE' })),
    calls: [book('blue'), book('green')],
    look: () => [...rooms],
    breakOff: () => {
      breaksOff = true;
    },
  };
}
