import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { writeRequest } from '../../src/rollback/http/kept-request.ts';
import { httpHandler } from '../../src/rollback/http.ts';
import { Receiver } from '../webhook/receiver.ts';
import { httpScene } from './http-scene.ts';

const PROGRAM = fileURLToPath(new URL('./compensating-process.ts', import.meta.url));
const { booked, journal, start } = httpScene();

describe('sending', () => {
  it.each([300, 302, 400, 404, 409, 410, 500])(
    'takes %i for a failure, follows nothing, and can be tried again',
    async (status) => {
      const receiver = await Receiver.start((response, number) =>
        response.writeHead(number === 0 ? status : 200, { location: '/elsewhere' }).end('<b>no</b>'),
      );
      const { guard, id } = await booked(() => ({ url: receiver.url }));
      await expect(guard.rollback(id)).rejects.toThrow(new RegExp(`answered with ${status}.*<b>no</b>`));
      expect(guard.getAuditLog()[0]).toMatchObject({
        state: 'failed',
        error: expect.stringContaining('<b>no</b>'),
      });
      expect(await guard.rollback(id)).toBe(true);
      const keys = receiver.received.map(({ path, headers }) => [path, headers['idempotency-key']]);
      expect(keys).toEqual([keys[0], keys[0]]);
      expect(guard.getAuditLog()[0]?.result).toEqual({ status: 200, answer: '<b>no</b>' });
    },
  );

  it('keeps the beginning of a long answer', async () => {
    const receiver = await Receiver.start((response) => response.writeHead(200).end('y'.repeat(100_000)));
    const { guard, id } = await booked(() => ({ url: receiver.url }));
    await guard.rollback(id);
    expect(guard.getAuditLog()[0]?.result).toEqual({ status: 200, answer: 'y'.repeat(500) });
  });

  it('says that nobody answered, and not whom it asked', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    const { guard, id } = await booked(() => ({ url: `http://127.0.0.1:${port}/secret-path` }));
    const error = await guard.rollback(id).catch((thrown: Error) => thrown);
    expect(String(error)).toMatch(/may not have arrived: ECONNREFUSED.*tried again/);
    expect(String(error)).not.toMatch(/127\.0\.0\.1|secret-path/);
  });

  it('waits for an answer for so long and no longer', async () => {
    const receiver = await Receiver.start(() => undefined);
    const content = await writeRequest({ url: receiver.url });
    const snapshot = { id: 's', actionId: 'a', data: { request: 'kept' } } as Snapshot;
    const sending = httpHandler(20).restore(snapshot, { blobs: { read: () => [content] } });
    await expect(sending).rejects.toThrow('no answer within 20 ms');
  });

  it('is done once, however many ask for it in however many guards', async () => {
    const receiver = await Receiver.start();
    const { guard, id } = await booked(() => ({ url: receiver.url }));
    const all = [guard, start(), start()].flatMap((one) => [one.rollback(id), one.rollback(id)]);
    const answers = await Promise.all(all);
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(receiver.received).toHaveLength(1);
  });

  it('is done again with the same key where a process died before it could journal the answer', async () => {
    let first = true;
    const receiver = await Receiver.start((response) => {
      if (!first) response.writeHead(200).end('done before');
      first = false;
    });
    const child = spawn(process.execPath, [PROGRAM, journal(), receiver.url], {
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    const [sent] = await receiver.until(1);
    child.kill('SIGKILL');
    await ended;
    const guard = start();
    const [undoing, entry] = guard.getAuditLog();
    expect([undoing?.state, entry?.rolledBack]).toEqual(['interrupted', false]);
    expect(await guard.rollback(entry?.actionId ?? '')).toBe(true);
    expect(receiver.received.map(({ headers }) => headers['idempotency-key'])).toEqual([
      sent?.headers['idempotency-key'],
      entry?.snapshotId,
    ]);
    expect(sent?.headers['idempotency-key']).toBe(entry?.snapshotId);
  });

  it('is not done where a process died before it knew the request', async () => {
    const { guard, id } = await booked(() => ({ url: 'https://x.example' }));
    const database = new DatabaseSync(journal());
    database.exec(`UPDATE snapshots SET data = '{"request":null}'`);
    database.close();
    await expect(guard.rollback(id)).rejects.toThrow(/was never kept: the process ended/);
  });
});
