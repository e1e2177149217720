import type { ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { WebhookMessage } from '../../src/core/webhook-message.ts';
import { Outbox, type OutboxOptions } from '../../src/webhook/outbox.ts';
import { Receiver } from './receiver.ts';
import { ToldClock } from './told-clock.ts';
import { SECRET, verified } from './verify.ts';

const ATTEMPT_MS = 10_000;

function scene(url: string, more: Partial<OutboxOptions> = {}) {
  const clock = new ToldClock();
  const counts = { delivered: 0, failed: 0, dropped: 0 };
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  const options = { url, secret: SECRET, allowPrivate: true, clock, counts, warn, random: () => 0, ...more };
  const outbox = new Outbox(options);
  onTestFinished(() => outbox.close());
  return {
    clock,
    counts,
    warnings,
    outbox,
    send: (id: string, about: Partial<WebhookMessage> = {}) =>
      outbox.send({ id, body: `{"id":"${id}"}`, subject: null, until: null, ...about }),
    /** The pause that a failed attempt is followed by. */
    pause: () => clock.nextTimer([ATTEMPT_MS]),
  };
}

const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    response.writeHead(code, headers).end('{"approved":true}');

/** The ids, in the order in which they came. */
const ids = ({ received }: Receiver) => received.map(({ headers }) => headers['webhook-id']);

describe('a message', () => {
  it('arrives signed, and says who sends it', async () => {
    const receiver = await Receiver.start();
    const { outbox, send, counts, clock } = scene(receiver.url);
    clock.set(1_700_000_000_900);
    send('msg_1');
    await outbox.flush(5_000);
    const [first] = receiver.received;
    expect(first?.headers).toMatchObject({
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1700000000',
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^plyra-guard\/\d/),
    });
    expect(first && verified(first)).toEqual({ id: 'msg_1' });
    expect(() => first && verified({ ...first, text: '{"id":"msg_2"}' })).toThrow('No signature fits');
    expect(counts).toEqual({ delivered: 1, failed: 0, dropped: 0 });
  });

  it.each([408, 429, 500, 503])(
    'is sent again after %i, under the same id and at another time',
    async (code) => {
      const receiver = await Receiver.start((response, number) => status(number < 2 ? code : 200)(response));
      const { outbox, send, clock, counts, warnings, pause } = scene(receiver.url);
      send('msg_1');
      expect(await pause()).toBe(1_000);
      clock.advance(1_000);
      expect(await pause()).toBe(4_000);
      clock.advance(4_000);
      await outbox.flush(5_000);
      expect(ids(receiver)).toEqual(['msg_1', 'msg_1', 'msg_1']);
      const times = receiver.received.map(({ headers }) => Number(headers['webhook-timestamp']));
      expect(times).toEqual([1_000, 1_001, 1_005]);
      expect(receiver.received.map(verified)).toHaveLength(3);
      expect([counts, warnings]).toEqual([{ delivered: 1, failed: 0, dropped: 0 }, []]);
    },
  );

  it('is given up after five attempts', async () => {
    const receiver = await Receiver.start(status(500));
    const { outbox, send, clock, counts, warnings, pause } = scene(receiver.url);
    send('msg_1');
    for (const ms of [1_000, 4_000, 16_000, 64_000]) {
      expect(await pause()).toBe(ms);
      clock.advance(ms);
    }
    await outbox.flush(5_000);
    expect(receiver.received).toHaveLength(5);
    expect(counts).toEqual({ delivered: 0, failed: 1, dropped: 0 });
    expect(warnings).toEqual([expect.stringContaining('is lost: it answered 500.')]);
  });

  it.each([301, 302, 307, 400, 401, 404, 410])('is given up at once after %i', async (code) => {
    const receiver = await Receiver.start(status(code, { location: 'http://127.0.0.1:1/' }));
    const { outbox, send, counts, warnings } = scene(receiver.url);
    send('msg_1');
    await outbox.flush(5_000);
    expect(receiver.received).toHaveLength(1);
    expect(counts.failed).toBe(1);
    expect(warnings[0]).toContain(`it answered ${code}`);
  });

  it('is sent again when the receiver says so, within five minutes', async () => {
    const receiver = await Receiver.start((response, number) => {
      status(429, { 'retry-after': number === 0 ? '20' : '86400' })(response);
    });
    const { send, clock, pause } = scene(receiver.url);
    send('msg_1');
    expect(await pause()).toBe(20_000);
    clock.advance(20_000);
    expect(await pause()).toBe(300_000);
  });

  it('is sent again after a connection that broke, and after ten seconds without an answer', async () => {
    const receiver = await Receiver.start((response, number) => void (number === 0 && response.destroy()));
    const { send, clock, pause } = scene(receiver.url);
    send('msg_1');
    expect(await pause()).toBe(1_000);
    clock.advance(1_000);
    await receiver.until(2);
    clock.advance(ATTEMPT_MS);
    expect(await pause()).toBe(4_000);
  });

  it('is not sent to a private address, and not tried again', async () => {
    const receiver = await Receiver.start();
    const { outbox, send, counts, warnings } = scene(receiver.url, { allowPrivate: false });
    send('msg_1');
    await outbox.flush(5_000);
    expect(receiver.received).toEqual([]);
    expect(counts.failed).toBe(1);
    expect(warnings[0]).toContain('127.0.0.1 is a private address');
  });
});

describe('a message that ages', () => {
  it('is not tried again where its time is over by then', async () => {
    const receiver = await Receiver.start(status(500));
    const { outbox, send, clock, counts } = scene(receiver.url);
    send('msg_1', { until: clock.now() + 1_000 });
    await outbox.flush(5_000);
    expect(receiver.received).toHaveLength(1);
    expect(counts.failed).toBe(1);
  });

  it('is not sent at all when its time is over', async () => {
    const receiver = await Receiver.start();
    const { outbox, send, clock, counts } = scene(receiver.url);
    for (let i = 0; i < 1_000; i++) send(`msg_${i}`, { until: clock.now() });
    await outbox.flush(5_000);
    expect([receiver.received, counts.failed]).toEqual([[], 1_000]);
  });
});

describe('messages about one subject', () => {
  it('arrive one after the other, and others do not wait for them', async () => {
    const held: ServerResponse[] = [];
    const receiver = await Receiver.start((response, number) => {
      if (number === 0) held.push(response);
      else response.end();
    });
    const { outbox, send } = scene(receiver.url);
    send('a1', { subject: 'a' });
    await receiver.until(1);
    send('a2', { subject: 'a' });
    send('b1', { subject: 'b' });
    send('c1');
    await receiver.until(3);
    expect(ids(receiver).toSorted()).toEqual(['a1', 'b1', 'c1']);
    for (const response of held) response.end();
    await outbox.flush(5_000);
    expect(ids(receiver).at(-1)).toBe('a2');
  });

  it('take the place of an older one that would be tried again', async () => {
    const receiver = await Receiver.start((response, number) => status(number === 0 ? 500 : 200)(response));
    const { outbox, send, counts, pause } = scene(receiver.url);
    send('a1', { subject: 'a' });
    await pause();
    send('a2', { subject: 'a' });
    await outbox.flush(5_000);
    expect(ids(receiver)).toEqual(['a1', 'a2']);
    expect(counts).toEqual({ delivered: 1, failed: 1, dropped: 0 });
  });

  it('leave an older one its one attempt', async () => {
    const receiver = await Receiver.start((response, number) => status(number === 0 ? 500 : 200)(response));
    const { outbox, send } = scene(receiver.url);
    send('a1', { subject: 'a' });
    send('a2', { subject: 'a' });
    await outbox.flush(5_000);
    expect(ids(receiver)).toEqual(['a1', 'a2']);
  });
});

describe('many messages', () => {
  it('are sent at most four at once', async () => {
    const held: ServerResponse[] = [];
    const receiver = await Receiver.start((response) => void held.push(response));
    const { outbox, send, counts, clock } = scene(receiver.url);
    for (let i = 0; i < 6; i++) send(`msg_${i}`);
    // One timer for each that is being sent.
    expect(clock.pending).toBe(4);
    for (let answered = 0; answered < 6; answered++) {
      await receiver.until(Math.min(6, answered + 4));
      expect(held).toHaveLength(Math.min(6, answered + 4));
      held[answered]?.end();
    }
    await outbox.flush(5_000);
    expect(counts.delivered).toBe(6);
  });

  it('are bounded: the oldest go, and are counted', async () => {
    const receiver = await Receiver.start(() => undefined);
    const { send, counts, warnings } = scene(receiver.url);
    for (let i = 0; i < 1_010; i++) send(`msg_${i}`);
    expect(counts.dropped).toBe(10);
    expect(warnings).toEqual([expect.stringContaining('too many wait')]);
  });

  it('are bounded in their length too', async () => {
    const receiver = await Receiver.start(() => undefined);
    const { send, counts } = scene(receiver.url);
    for (let i = 0; i < 100; i++) send(`msg_${i}`, { body: 'x'.repeat(200_000) });
    expect(counts.dropped).toBe(60);
  });
});

describe('an outage', () => {
  it('is warned of once, and the next one again, without the path of the URL', async () => {
    let code = 400;
    const receiver = await Receiver.start((response) => status(code)(response));
    const { outbox, send, warnings, counts } = scene(`${receiver.url}/T0P/s3cret?token=s3cret`);
    for (const next of [400, 400, 200, 400]) {
      code = next;
      send('msg');
      await outbox.flush(5_000);
    }
    expect(warnings).toHaveLength(2);
    expect(warnings.join()).not.toContain('s3cret');
    expect(counts).toEqual({ delivered: 1, failed: 3, dropped: 0 });
  });
});

describe('flush and close', () => {
  it('flush ends after its time although nothing is answered', async () => {
    const receiver = await Receiver.start(() => undefined);
    const { outbox, send, clock, counts } = scene(receiver.url);
    send('msg_1');
    await receiver.until(1);
    const flushed = outbox.flush(5_000);
    clock.advance(5_000);
    await flushed;
    expect(counts).toEqual({ delivered: 0, failed: 0, dropped: 0 });
  });

  it('close gives up what is on its way, and what comes after', async () => {
    const receiver = await Receiver.start((response, number) => void (number === 0 && status(500)(response)));
    const { outbox, send, clock, counts, warnings, pause } = scene(receiver.url);
    send('msg_1');
    await pause();
    send('msg_2');
    await receiver.until(2);
    outbox.close();
    send('msg_3');
    expect(counts.failed).toBe(3);
    expect(warnings).toHaveLength(1);
    clock.advance(600_000);
    await outbox.flush(5_000);
    expect(receiver.received).toHaveLength(2);
  });

  it('is not made with a secret that is none', () => {
    expect(() => scene('https://hooks.example', { secret: 'hunter2' })).toThrow(
      /^The secret of a webhook is/,
    );
  });
});
