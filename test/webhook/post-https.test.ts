import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/call/system-clock.ts';
import { type Answer, post } from '../../src/webhook/post.ts';
import { certificateFor } from './certificate.ts';

const TRUSTED = getCACertificates('default');

afterEach(() => {
  setDefaultCACertificates(TRUSTED);
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
});

/** What comes of posting to a server that has a certificate for this name. */
async function postedTo(certified: string, isTrusted: boolean): Promise<Answer> {
  const { cert, key } = certificateFor(certified);
  const server = createServer({ cert, key }, (_request, response) => response.writeHead(204).end());
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  if (isTrusted) setDefaultCACertificates([...TRUSTED, cert]);
  return post({
    url: new URL(`https://localhost:${(server.address() as AddressInfo).port}/hook`),
    headers: {},
    body: '{}',
    allowPrivate: true,
    timeoutMs: 10_000,
    clock: systemClock,
    signal: new AbortController().signal,
  });
}

it('post speaks TLS with a server whose certificate is good', async () => {
  expect(await postedTo('localhost', true)).toEqual({ status: 204, retryAfter: null });
});

it('post sends nothing to one that nobody vouches for, also where the environment says so', async () => {
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  expect(await postedTo('localhost', false)).toMatchObject({ why: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
});

it('post sends nothing to one with the certificate of another host', async () => {
  expect(await postedTo('hooks.example', true)).toMatchObject({ why: 'ERR_TLS_CERT_ALTNAME_INVALID' });
});
