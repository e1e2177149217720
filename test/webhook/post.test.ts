import type { LookupAddress } from 'node:dns';
import { setDefaultAutoSelectFamily } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/call/system-clock.ts';
import { type Answer, type Post, post } from '../../src/webhook/post.ts';
import type { Resolve } from '../../src/webhook/public-lookup.ts';
import { Receiver } from './receiver.ts';
import { ToldClock } from './told-clock.ts';

const posted = (url: string, more: Partial<Post> = {}): Promise<Answer> =>
  post({
    url: new URL(url),
    headers: { 'content-type': 'application/json' },
    body: '{"text":"Grüße"}',
    allowPrivate: true,
    timeoutMs: 10_000,
    clock: systemClock,
    signal: new AbortController().signal,
    ...more,
  });

/** A resolver for which every name leads to these addresses; it notes what it was asked. */
function leadsTo(...addresses: string[]): { asked: string[]; resolve: Resolve } {
  const asked: string[] = [];
  const found = addresses.map(
    (address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }),
  );
  const resolve: Resolve = (name, _options, done) => {
    asked.push(name);
    process.nextTick(done, null, found);
  };
  return { asked, resolve };
}

describe('post', () => {
  it('sends the body by POST and tells the status', async () => {
    const receiver = await Receiver.start();
    expect(await posted(`${receiver.url}?a=b`)).toEqual({ status: 204, retryAfter: null });
    expect(receiver.received).toMatchObject([
      { method: 'POST', path: '/hook?a=b', text: '{"text":"Grüße"}' },
    ]);
    expect(receiver.received[0]?.headers).toMatchObject({ 'content-length': '18', connection: 'close' });
  });

  it('tells when to come again', async () => {
    const receiver = await Receiver.start((response) =>
      response.writeHead(429, { 'retry-after': '7' }).end(),
    );
    expect(await posted(receiver.url)).toEqual({ status: 429, retryAfter: '7' });
  });

  it.each([301, 302, 303, 307, 308])('does not follow a redirect: %i', async (status) => {
    const elsewhere = await Receiver.start();
    const receiver = await Receiver.start((response) => {
      response.writeHead(status, { location: elsewhere.url }).end();
    });
    expect(await posted(receiver.url)).toMatchObject({ status });
    expect(elsewhere.received).toEqual([]);
  });

  it('tells why there was no answer', async () => {
    const receiver = await Receiver.start((response) => response.destroy());
    expect(await posted(receiver.url)).toEqual({ status: null, why: 'ECONNRESET', isFinal: false });
    expect(await posted('http://127.0.0.1:1')).toEqual({ status: null, why: 'ECONNREFUSED', isFinal: false });
  });

  it('gives up on a server that never answers', async () => {
    const clock = new ToldClock();
    const receiver = await Receiver.start(() => undefined);
    const answer = posted(receiver.url, { clock });
    await receiver.until(1);
    clock.advance(9_999);
    expect(clock.pending).toBe(1);
    clock.advance(1);
    expect(await answer).toEqual({ status: null, why: 'no answer within 10 s', isFinal: false });
  });

  it('gives up on one that never stops answering, and knows its status', async () => {
    const clock = new ToldClock();
    const receiver = await Receiver.start((response) => {
      const more = (): void => {
        while (response.write('x'.repeat(16_384)));
      };
      response.writeHead(200).on('drain', more);
      more();
    });
    expect(await posted(receiver.url, { clock })).toEqual({ status: 200, retryAfter: null });
    expect(clock.pending).toBe(0);
  });

  it('gives up when it is told to', async () => {
    const stop = new AbortController();
    const receiver = await Receiver.start(() => stop.abort());
    expect(await posted(receiver.url, { signal: stop.signal })).toMatchObject({
      status: null,
      why: 'the guard was closed',
    });
  });

  it('sends nothing that could split a header', async () => {
    const receiver = await Receiver.start();
    const headers = { 'webhook-id': 'a\r\nx-evil: 1' };
    expect(await posted(receiver.url, { headers })).toEqual({
      status: null,
      why: 'it cannot be sent (ERR_INVALID_CHAR)',
      isFinal: true,
    });
    expect(receiver.received).toEqual([]);
  });
});

describe('post to where it must not', () => {
  it.each([
    'http://127.0.0.1',
    'http://0.0.0.0',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'http://[::ffff:7f00:1]',
    'http://169.254.169.254',
    'http://10.1.2.3',
    'http://[fd00::1]',
    'http://[64:ff9b::7f00:1]',
    'http://0x7f.1',
    'http://localhost',
  ])('connects to no %s', async (host) => {
    const receiver = await Receiver.start();
    const { port } = new URL(receiver.url);
    const { asked, resolve } = leadsTo('127.0.0.1');
    expect(await posted(`${host}:${port}`, { allowPrivate: false, resolve })).toMatchObject({
      status: null,
      why: expect.stringContaining('private address, which only `allow_private: true` permits'),
      isFinal: true,
    });
    expect([asked, receiver.received]).toEqual([[], []]);
  });

  it.each([
    ['127.0.0.1'],
    ['0.0.0.0'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['169.254.169.254'],
    ['fe80::1%eth0'],
    ['fd00:ec2::254'],
    ['no address at all'],
    ['93.184.215.14', '10.0.0.1'],
    ['2606:4700::1', '::1'],
  ])('connects to no name that leads to %s %s', async (...addresses) => {
    const receiver = await Receiver.start();
    const { port } = new URL(receiver.url);
    for (const isHappy of [true, false]) {
      setDefaultAutoSelectFamily(isHappy);
      onTestFinished(() => setDefaultAutoSelectFamily(true));
      const { asked, resolve } = leadsTo(...addresses);
      expect(await posted(`http://hooks.example:${port}`, { allowPrivate: false, resolve })).toMatchObject({
        status: null,
        why: expect.stringMatching(/^hooks\.example leads to .*, a private address/),
        isFinal: true,
      });
      expect(asked).toEqual(['hooks.example']);
    }
    expect(receiver.received).toEqual([]);
  });

  it('looks again at every attempt: a name may lead elsewhere by then', async () => {
    const receiver = await Receiver.start();
    const { port } = new URL(receiver.url);
    const url = `http://hooks.example:${port}`;
    let asked = 0;
    const resolve: Resolve = (_name, _options, done) => {
      asked++;
      const address = asked === 1 ? '203.0.113.1' : '127.0.0.1';
      // The first is kept from connecting: it is the address of nobody.
      if (asked === 1) done(Object.assign(new Error('no'), { code: 'EAI_AGAIN' }));
      else done(null, [{ address, family: 4 }]);
    };
    expect(await posted(url, { allowPrivate: false, resolve })).toMatchObject({
      why: 'EAI_AGAIN',
      isFinal: false,
    });
    expect(await posted(url, { allowPrivate: false, resolve })).toMatchObject({ isFinal: true });
    expect(receiver.received).toEqual([]);
  });

  it('takes a name that nobody has for a failure', async () => {
    expect(await posted('http://nobody.invalid', { allowPrivate: false })).toMatchObject({
      status: null,
      why: expect.stringMatching(/^(?:ENOTFOUND|EAI_AGAIN)$/),
      isFinal: false,
    });
  });

  it('takes a name without any address for a failure', async () => {
    for (const isHappy of [true, false]) {
      setDefaultAutoSelectFamily(isHappy);
      onTestFinished(() => setDefaultAutoSelectFamily(true));
      const { resolve } = leadsTo();
      expect(await posted('http://hooks.example', { allowPrivate: false, resolve })).toMatchObject({
        status: null,
      });
    }
  });
});
