import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SidecarExporter } from '../../src/exporters/sidecar.ts';
import { entryOf } from '../../src/testing/exporter/entries.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { Receiver } from '../webhook/receiver.ts';

const turn = (): Promise<unknown> => new Promise((resolve) => void setImmediate(resolve));

/** What one entry becomes when every attempt within a flush fails in the same way. */
async function failing(url: string, advanceMs: number) {
  const clock = new FakeClock();
  const exporter = new SidecarExporter({ url, token: 't', clock });
  exporter.export(entryOf('a'));
  const flushed = exporter.flush();
  for (let i = 0; i < 50; i++) await turn();
  clock.advance(advanceMs);
  while (exporter.counts.failures + exporter.counts.rejected === 0) await turn();
  clock.advance(4_000);
  await flushed;
  const { counts } = exporter;
  const closed = exporter.close();
  clock.advance(4_000);
  await closed;
  return counts;
}

describe('a receiver over HTTP', () => {
  it.each([500, 502, 503, 404, 405, 302, 401, 403, 408, 429])(
    'that answers %i keeps the entry waiting',
    async (status) => {
      const receiver = await Receiver.start((response) => response.writeHead(status).end());
      expect(await failing(new URL('/', receiver.url).href, 0)).toMatchObject({
        delivered: 0,
        rejected: 0,
        waiting: 1,
      });
    },
  );

  it.each([400, 413, 422])('that answers %i to a single entry has it given up', async (status) => {
    const receiver = await Receiver.start((response) => response.writeHead(status).end());
    expect(await failing(new URL('/', receiver.url).href, 0)).toMatchObject({ rejected: 1, waiting: 0 });
  });

  it('that never answers is given up after 10 s', async () => {
    const receiver = await Receiver.start(() => undefined);
    const clock = new FakeClock();
    const exporter = new SidecarExporter({ url: new URL('/', receiver.url).href, token: 't', clock });
    exporter.export(entryOf('a'));
    clock.advance(1_000);
    await receiver.until(1);
    clock.advance(10_000);
    while (exporter.counts.failures === 0) await turn();
    expect(exporter.counts).toMatchObject({ waiting: 1, delivered: 0 });
    const closed = exporter.close();
    clock.advance(4_000);
    await closed;
  });

  it.each([
    ['is not there', null],
    ['speaks no HTTP', 'hello, who is there?\r\n\r\n'],
    ['hangs up', ''],
  ])('that %s keeps the entry waiting', async (_what, greeting) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(greeting ?? '');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    if (greeting === null) server.close();
    else onTestFinished(() => void server.close());
    expect(await failing(`http://127.0.0.1:${port}`, 0)).toMatchObject({
      delivered: 0,
      rejected: 0,
      waiting: 1,
    });
  });
});
