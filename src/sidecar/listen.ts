import { createServer, type IncomingMessage, type Server } from 'node:http';
import { hostname, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { TokenDesk } from '../access/tokens.ts';
import { SidecarStartupError } from '../core/errors.ts';
import type { TokenStore } from '../stores/token-store.ts';
import { firstAdminToken } from './admin-token.ts';
import { type SidecarApp, sidecarApp } from './app.ts';
import type { Connection } from './auth.ts';
import { isLoopbackAddress, isLoopbackName } from './hosts.ts';
import { INGEST_TOKEN_FILE, provideIngestToken } from './ingest-token.ts';
import { Keeper } from './keeper.ts';
import { Logins } from './logins.ts';
import type { SidecarParts } from './parts.ts';

/** Most bytes of a request's headers, and most milliseconds until they are there, and all of it. */
const MAX_HEADERS = 16 * 1024;
const HEADERS_MS = 15_000;
const REQUEST_MS = 60_000;
/** How long requests under way are waited for when the sidecar ends, in milliseconds. */
const CLOSE_MS = 3_000;

/** Where a sidecar listens, and whom it answers. */
export interface ListenOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly origins: readonly string[];
  readonly requireToken: boolean;
  /** The journal's file, beside which the token for exporters lies; `null` where there is none. */
  readonly storeFile: string | null;
}

/** A sidecar that listens. */
export interface RunningSidecar {
  /** Where it can be called from this machine. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly server: Server;
  /** A token that was made because none of role `admin` was there; it is told nowhere else. `null` where one was. */
  readonly adminToken: string | null;
  /** A new link that logs one browser in, within five minutes. */
  loginLink(): string;
  /** Ends the live streams, lets requests under way finish, and frees the port. */
  close(): Promise<void>;
}

/** Begins to listen. Throws SidecarStartupError where that cannot be done. */
export async function listen(parts: SidecarParts, options: ListenOptions): Promise<RunningSidecar> {
  const isLoopback = isLoopbackName(options.host);
  const { tokens } = parts.store;
  const by = `serve:${userName()}@${hostname()}`;
  if (!isLoopback && tokens === undefined) {
    throw new SidecarStartupError(
      `The store \`${parts.store.name}\` keeps no access tokens, so the sidecar may listen on 127.0.0.1 only.`,
      { host: options.host },
    );
  }
  const logins = new Logins(() => parts.clock.monotonic());
  const server = createServer({
    maxHeaderSize: MAX_HEADERS,
    headersTimeout: HEADERS_MS,
    requestTimeout: REQUEST_MS,
  });
  await bind(server, options);
  const port = portOf(server);
  const running = start({ parts, options, server, isLoopback, port, logins });
  try {
    const desk = tokens === undefined ? undefined : tokenDesk(parts, tokens);
    const adminToken = isLoopback || desk === undefined ? null : await firstAdminToken(desk, by);
    if (desk !== undefined && options.storeFile !== null) {
      await provideIngestToken(desk, join(dirname(options.storeFile), INGEST_TOKEN_FILE), by);
    }
    const url = `http://${urlHost(options.host)}:${port}`;
    return {
      ...{ url, host: options.host, port, server, adminToken, close: running.close },
      loginLink: () =>
        `${url}/login?key=${logins.newKey({ name: `web:${userName()}@${hostname()}`, role: 'admin' })}`,
    };
  } catch (error) {
    await running.close();
    throw new SidecarStartupError(
      `The sidecar cannot make its access tokens: ${error instanceof Error ? error.message : String(error)}`,
      {},
      { cause: error },
    );
  }
}

interface Started {
  readonly parts: SidecarParts;
  readonly options: ListenOptions;
  readonly server: Server;
  readonly isLoopback: boolean;
  readonly port: number;
  readonly logins: Logins;
}

function start({ parts, options, server, isLoopback, port, logins }: Started): {
  close: () => Promise<void>;
} {
  const { host, origins, requireToken } = options;
  const isAny = host === '0.0.0.0' || host === '::';
  const sidecar = sidecarApp(parts, {
    ...{ origins, logins, cookie: `plyra_session_${port}` },
    hosts: isLoopback ? [] : [host, hostname()],
    anyAddress: isAny,
    // A door that others can reach is for those with a key, whoever comes.
    requireToken: requireToken || !isLoopback,
    connection: (env) => connectionOf(env, isLoopback),
  });
  server.on(
    'request',
    getRequestListener(sidecar.app.fetch, {
      overrideGlobalObjects: false,
      errorHandler: () => internalError(),
    }),
  );
  const keeper = new Keeper(parts);
  keeper.start();
  let closing: Promise<void> | undefined;
  return {
    close: () => {
      closing ??= close(server, sidecar, keeper, parts);
      return closing;
    },
  };
}

async function close(
  server: Server,
  sidecar: SidecarApp,
  keeper: Keeper,
  { clock }: SidecarParts,
): Promise<void> {
  keeper.stop();
  sidecar.close();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cancel = clock.setTimer(CLOSE_MS, () => server.closeAllConnections(), true);
  await closed;
  cancel();
}

function connectionOf(env: unknown, isLoopback: boolean): Connection {
  const incoming = (env as { readonly incoming?: IncomingMessage } | undefined)?.incoming;
  const address = incoming?.socket?.remoteAddress ?? null;
  return { address, isLocal: isLoopback && address !== null && isLoopbackAddress(address) };
}

function bind(server: Server, { host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => reject(startupError(error, host, port));
    server.once('error', failed);
    server.listen({ host, port }, () => {
      server.off('error', failed);
      resolve();
    });
  });
}

function startupError(error: NodeJS.ErrnoException, host: string, port: number): SidecarStartupError {
  const details = { host, port, code: error.code ?? null };
  const say = (message: string): SidecarStartupError =>
    new SidecarStartupError(message, details, { cause: error });
  switch (error.code) {
    case 'EADDRINUSE':
      return say(
        `Port ${port} on ${host} is taken, perhaps by another sidecar. End that one, or choose another port: ` +
          '`--port <n>`, `sidecar.port`, or `guard.serve({ port })`.',
      );
    case 'EACCES':
      return say(`Port ${port} may not be used by this user. Choose one above 1023.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return say(`${host} is no address of this machine. Use 127.0.0.1, or 0.0.0.0 for every interface.`);
    default:
      return say(`The sidecar cannot listen on ${host}:${port}: ${error.message}.`);
  }
}

function tokenDesk(parts: SidecarParts, store: TokenStore): TokenDesk {
  return {
    store,
    now: () => parts.clock.now(),
    newId: parts.newId,
    draft: (body) => parts.draft('policy', `policy:${parts.newId()}`, body),
    redact: parts.redact,
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** How a browser on this machine calls it. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user may have a number and no name.
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

function internalError(): Response {
  return new Response('{"type":"about:blank","title":"Internal error","status":500}', {
    status: 500,
    headers: { 'content-type': 'application/problem+json' },
  });
}
