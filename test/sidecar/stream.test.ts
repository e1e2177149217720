import { describe, expect, it, onTestFinished } from 'vitest';
import { type EntryData, HERE, Scene } from './scene.ts';

/** One event of a stream. */
interface Told {
  readonly event: string;
  readonly id: string;
  readonly data: EntryData;
}

/** A client that reads a stream as a browser does. */
class Listener {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #text = '';
  /** The last id that was told, also without an event. */
  lastId = '';

  constructor(body: ReadableStream<Uint8Array>) {
    this.#reader = body.getReader();
    onTestFinished(() => this.leave());
  }

  /** The next event. */
  async next(): Promise<Told> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end === -1) {
        const { value, done } = await this.#reader.read();
        if (done) throw new Error('The stream has ended.');
        this.#text += this.#decoder.decode(value, { stream: true });
        continue;
      }
      const block = this.#text.slice(0, end);
      this.#text = this.#text.slice(end + 2);
      const field = (name: string): string => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1] ?? '';
      if (field('id') !== '') this.lastId = field('id');
      if (field('event') !== '')
        return { event: field('event'), id: field('id'), data: JSON.parse(field('data')) };
    }
  }

  /** So many events. */
  async take(count: number): Promise<Told[]> {
    const told: Told[] = [];
    while (told.length < count) told.push(await this.next());
    return told;
  }

  async leave(): Promise<void> {
    await this.#reader.cancel();
  }
}

async function listen(
  scene: Scene,
  { query = '', lastId }: { query?: string; lastId?: string } = {},
): Promise<Listener> {
  const headers = {
    host: 'localhost:8765',
    authorization: `Bearer ${await scene.token('viewer')}`,
    ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
  };
  const response = await scene.sidecar.app.fetch(
    new Request(`http://localhost/api/stream${query}`, { headers }),
    HERE,
  );
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  return new Listener(response.body as ReadableStream<Uint8Array>);
}

const intents = (told: readonly Told[]): string[] => told.map(({ data }) => data.intent);

describe.each(['sqlite', 'memory'] as const)('the stream of a journal in %s', (place) => {
  it('tells what happens from now on, with positions that rise', async () => {
    const scene = new Scene({ place });
    scene.echo('before');
    const listener = await listen(scene);
    scene.echo('one');
    scene.echo('two');
    const told = await listener.take(2);
    expect(intents(told)).toEqual(['one', 'two']);
    expect(told.every(({ event }) => event === 'action')).toBe(true);
    expect(Number(told[1]?.id)).toBeGreaterThan(Number(told[0]?.id));
    expect(told[0]?.data).toMatchObject({ state: 'done', result: 'echo one' });
  });

  it('goes on behind the last event, without a gap or anything twice', async () => {
    const scene = new Scene({ place });
    const seen: string[] = [];
    let lastId: string | undefined;
    for (let round = 0; round < 5; round++) {
      const listener = await listen(scene, lastId === undefined ? {} : { lastId });
      for (let i = 0; i < 20; i++) scene.echo(`${round}/${i}`);
      // Left in the middle of what is told.
      const told = await listener.take(round === 4 ? 20 * 5 - seen.length : 7);
      seen.push(...intents(told));
      lastId = told.at(-1)?.id;
      await listener.leave();
    }
    const expected = Array.from({ length: 5 }, (_, round) =>
      Array.from({ length: 20 }, (_, i) => `${round}/${i}`),
    );
    expect(seen).toEqual(expected.flat());
  });

  it('tells each listener what passes its filter', async () => {
    const scene = new Scene({ place });
    const blocked = await listen(scene, { query: '?outcome=BLOCK' });
    const words = await listen(scene, { query: '?q=appl' });
    scene.echo('an apple');
    expect(() => scene.echo('/etc/hosts')).toThrow();
    expect((await blocked.next()).data.intent).toBe('/etc/hosts');
    expect((await words.next()).data.intent).toBe('an apple');
  });

  it('has a client begin anew that comes from another journal', async () => {
    const scene = new Scene({ place });
    const listener = await listen(scene, { lastId: '999999' });
    expect((await listener.next()).event).toBe('reset');
    scene.echo('on it goes');
    expect((await listener.next()).data.intent).toBe('on it goes');
  });
});

describe('the stream', () => {
  it('tells a client that does not keep up that it has missed something, and holds nobody up', async () => {
    const scene = new Scene();
    const slow = await listen(scene);
    const quick = await listen(scene);
    const text = 'x'.repeat(4_000);
    let told = 0;
    for (let i = 0; i < 200; i++) {
      scene.echo(`${i} ${text}`);
      if (i % 10 !== 9) continue;
      await scene.sidecar.desk.hub.look();
      told += (await quick.take(10)).length;
    }
    expect(told).toBe(200);
    const before: Told[] = [];
    let one = await slow.next();
    while (one.event === 'action') {
      before.push(one);
      if (before.length % 10 === 0) await scene.sidecar.desk.hub.look();
      one = await slow.next();
    }
    expect(before.length).toBeLessThan(200);
    expect(one.event).toBe('reset');
    expect(scene.sidecar.desk.hub.resets).toBe(1);
    scene.echo('after');
    expect((await slow.next()).data.intent).toBe('after');
  });

  it('is counted, and looks at the journal only while somebody listens', async () => {
    const scene = new Scene();
    const token = await scene.token('viewer');
    const listener = await listen(scene);
    expect((await scene.ask('/metrics', { token })).text).toContain('plyra_guard_stream_clients 1\n');
    await listener.leave();
    expect((await scene.ask('/metrics', { token })).text).toContain('plyra_guard_stream_clients 0\n');
  });

  it('refuses an id that is none', async () => {
    const scene = new Scene();
    const token = await scene.token('viewer');
    expect((await scene.ask('/api/stream', { token, headers: { 'last-event-id': 'x' } })).status).toBe(400);
  });
});
