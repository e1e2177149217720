import { describe, expect, it } from 'vitest';
import { WebhookExporter } from '../../src/exporters/webhook.ts';
import { entryOf } from '../../src/testing/exporter/entries.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { Receiver } from '../webhook/receiver.ts';
import { SECRET, verified } from '../webhook/verify.ts';

describe('WebhookExporter', () => {
  it('sends at most 100 actions at once, signed, with the time of the newest', async () => {
    const receiver = await Receiver.start();
    const exporter = new WebhookExporter({ url: receiver.url, secret: SECRET, allowPrivate: true });
    for (let i = 0; i < 150; i++)
      exporter.export(entryOf(`a${i}`, { timestamp: new Date(1_900_000_000_000 + i) }));
    await exporter.close();
    const messages = receiver.received.map(verified);
    expect(messages.map(({ type }) => type)).toEqual(['actions.finished', 'actions.finished']);
    expect(messages.map(({ timestamp }) => timestamp)).toEqual([
      new Date(1_900_000_000_099).toISOString(),
      new Date(1_900_000_000_149).toISOString(),
    ]);
    expect(messages[0]?.data.actions).toHaveLength(100);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
  });

  it('sends a message again with the same id, signed anew', async () => {
    const clock = new FakeClock();
    const receiver = await Receiver.start((response, number) =>
      response.writeHead(number === 0 ? 500 : 204).end(),
    );
    const exporter = new WebhookExporter({ url: receiver.url, secret: SECRET, allowPrivate: true, clock });
    exporter.export(entryOf('a'));
    const closed = exporter.close();
    while (exporter.counts.failures === 0) await new Promise((resolve) => void setImmediate(resolve));
    clock.advance(1_000);
    await closed;
    const [first, second] = receiver.received;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.headers['webhook-signature']).not.toBe(first?.headers['webhook-signature']);
    expect(receiver.received.map(verified)).toHaveLength(2);
  });

  it.each([
    ['http://127.0.0.1:1/x', false],
    ['https://localhost/x', false],
    ['https://10.1.2.3/x', false],
    ['https://[::1]/x', false],
    ['https://169.254.169.254/latest', false],
    ['http://example.com/x', false],
    ['ftp://example.com/x', true],
    ['https://user:pw@example.com/x', true],
  ])('refuses %s with allowPrivate: %s', (url, allowPrivate) => {
    expect(() => new WebhookExporter({ url, secret: SECRET, allowPrivate })).toThrow('`url` must');
  });

  it('sends nothing to a public name that leads to a private address', async () => {
    const receiver = await Receiver.start();
    const { port } = new URL(receiver.url);
    const clock = new FakeClock();
    const exporter = new WebhookExporter({
      ...{ url: `https://public.example:${port}/x`, secret: SECRET, clock },
      resolve: (_name, _options, found) => found(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    exporter.export(entryOf('a'));
    const closed = exporter.close();
    while (exporter.counts.failures === 0) await new Promise((resolve) => void setImmediate(resolve));
    clock.advance(4_000);
    await closed;
    expect(receiver.received).toEqual([]);
    expect(exporter.counts.dropped).toBe(1);
  });

  it.each(['', 'whsec_short', 'secret', 7])('refuses the secret %j', (secret) => {
    expect(() => new WebhookExporter({ url: 'https://example.com', secret: secret as string })).toThrow(
      '`secret` must be',
    );
  });
});
