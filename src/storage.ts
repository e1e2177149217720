import { homedir } from 'node:os';
import type { LoadedConfig } from './config/load.ts';
import type { Clock } from './core/clock.ts';
import { ConfigError } from './core/errors.ts';
import type { WriterId } from './core/record.ts';
import type { GuardOptions } from './guard-options.ts';
import type { Limiter } from './limits/limiter.ts';
import { MemoryLimiter } from './limits/memory.ts';
import { SqliteLimiter } from './limits/sqlite.ts';
import { nodeCrypto } from './node-crypto.ts';
import { MemoryStore } from './stores/memory.ts';
import { snapshotFolder, storeLocation } from './stores/sqlite/location.ts';
import { SqliteStore } from './stores/sqlite.ts';
import type { Store } from './stores/store.ts';

/** Where a guard keeps its journal and its counts. */
export interface Storage {
  readonly store: Store;
  readonly limiter: Limiter;
  /** Hex HMAC-SHA-256 of a text, with the store's key. */
  readonly digest: (text: string) => string;
}

/** What storage is opened with. */
export interface StorageSetting {
  readonly options: GuardOptions;
  readonly config: LoadedConfig | null;
  readonly writer: WriterId;
  readonly clock: Clock;
}

/**
 * Opens the journal: the store that was handed in, else SQLite at the place that options, configuration and
 * environment name, else memory. Throws ConfigError where it cannot be opened.
 */
export function openStorage(setting: StorageSetting): Storage {
  const { options, config, clock } = setting;
  const inMemory = options.limiter ?? new MemoryLimiter({ now: () => clock.monotonic() });
  if (options.store !== undefined) {
    return { store: options.store, limiter: inMemory, digest: digestWith(nodeCrypto().randomBytes(32)) };
  }
  const path = storeLocation({
    option: options.snapshotPath,
    configured: config?.statedKeys.includes('storage.path') ? config.settings.storage.path : undefined,
    env: process.env,
    home: homedir(),
  });
  if (path === null)
    return {
      store: memoryStore(config, clock),
      limiter: inMemory,
      digest: digestWith(nodeCrypto().randomBytes(32)),
    };
  return openSqlite(path, setting);
}

function openSqlite(path: string, { options, config, writer, clock }: StorageSetting): Storage {
  const storage = config?.settings.storage;
  const store = new SqliteStore({
    path,
    writer,
    clock,
    durability: storage?.durability ?? 'process',
    retentionDays: storage?.retentionDays ?? null,
    snapshotDir: snapshotFolder(config?.settings.rollback.snapshotDir ?? null, homedir()),
  });
  try {
    return {
      store,
      limiter: options.limiter ?? sqliteLimiter(store, writer, clock),
      digest: digestWith(store.key),
    };
  } catch (error) {
    store.close();
    throw error instanceof ConfigError
      ? error
      : new ConfigError(`The limits in ${path} cannot be read: ${String(error)}`);
  }
}

function sqliteLimiter(store: SqliteStore, writer: WriterId, clock: Clock): SqliteLimiter {
  const limiter = new SqliteLimiter({
    database: store.database,
    writerId: writer.id,
    enter: () => store.enter(),
    now: () => clock.monotonic(),
    witness: store,
  });
  limiter.recover();
  return limiter;
}

function memoryStore(config: LoadedConfig | null, clock: Clock): MemoryStore {
  const maxActions = config?.settings.observability.auditLogMaxEntries ?? 10_000;
  const { hash } = nodeCrypto();
  return new MemoryStore({ maxActions, sha256: (text) => hash('sha256', text), now: () => clock.now() });
}

function digestWith(key: Uint8Array): (text: string) => string {
  // Made once: from bytes it would be made anew for every digest, which costs more than the digest.
  const { createHmac, createSecretKey } = nodeCrypto();
  const secret = createSecretKey(key);
  return (text) => createHmac('sha256', secret).update(text).digest('hex');
}
