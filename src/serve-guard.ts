import type { Hono } from 'hono';
import { ConfigSchemaError } from './core/errors.ts';
import type { Runtime } from './runtime.ts';
import { runtimeOf } from './runtime-of.ts';
import { type AppOptions, type SidecarApp, sidecarApp } from './sidecar/app.ts';
import { listen, type RunningSidecar } from './sidecar/listen.ts';
import { sidecarParts } from './sidecar-parts.ts';
import { SqliteStore } from './stores/sqlite.ts';

/** Where a guard's sidecar listens. What is left out is what the configuration states, else the default. */
export interface ServeOptions {
  /** The port where neither `port` nor the configuration says one. Default 8080. */
  readonly defaultPort?: number | undefined;
  /** Default 127.0.0.1. Any other one needs tokens, and has one made where none is there. */
  readonly host?: string | undefined;
  /** Default 8080; 0 for any free one. */
  readonly port?: number | undefined;
  /** Whether programs on this machine need a token too. */
  readonly requireToken?: boolean | undefined;
}

/** Which of its guard's app is mounted how. */
export interface CreateAppOptions extends Omit<AppOptions, 'logins' | 'cookie'> {
  /** An ActionGuard: its store is shown, its policy judges. */
  readonly guard: object;
}

/**
 * The sidecar of a guard as a Hono app: a function of requests, for a server of your own. Nobody is taken to be on this
 * machine unless `connection` says so, so that everything needs a token. Throws ConfigSchemaError for what is no guard.
 */
export function createApp({ guard, ...options }: CreateAppOptions): Hono {
  return appOf(runtimeFor(guard), options).app;
}

/** Serves a guard; see {@link ServeOptions}. Throws SidecarStartupError where that cannot be done. */
export async function serveGuard(guard: object, options: ServeOptions = {}): Promise<RunningSidecar> {
  const runtime = runtimeFor(guard);
  const stated = runtime.inForce.sidecar;
  const running = await listen(sidecarParts(runtime, warn), {
    host: options.host ?? stated.host ?? '127.0.0.1',
    port: options.port ?? stated.port ?? options.defaultPort ?? 8080,
    origins: stated.origins,
    requireToken: options.requireToken ?? stated.requireToken,
    storeFile: runtime.store instanceof SqliteStore ? runtime.store.database.path : null,
  });
  runtime.beforeClose.push(() => running.close());
  return running;
}

function appOf(runtime: Runtime, options: Omit<CreateAppOptions, 'guard'>): SidecarApp {
  const { origins, requireToken } = runtime.inForce.sidecar;
  return sidecarApp(sidecarParts(runtime, warn), { origins, requireToken, ...options });
}

function runtimeFor(guard: object): Runtime {
  const runtime = runtimeOf(guard);
  if (runtime !== undefined) return runtime;
  throw new ConfigSchemaError('The sidecar serves an ActionGuard, as `{ guard: new ActionGuard() }`.');
}

function warn(message: string): void {
  process.emitWarning(message, { type: 'PlyraGuardWarning', code: 'PLYRA_SIDECAR' });
}
