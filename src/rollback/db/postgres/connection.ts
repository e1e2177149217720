import { ConfigValidationError } from '../../../core/errors.ts';
import type { ResultRow } from '../steps.ts';

/** What is used of a Client of `pg`. */
export interface PgClient {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: unknown[] }>;
}

/** What is used of a Pool of `pg`. */
export interface PgPool extends PgClient {
  readonly totalCount: number;
  connect(): Promise<PgClient & { release(destroy?: boolean): void }>;
}

/** What is used of postgres.js: of `postgres()`, of `sql.reserve()` and of the `sql` of a transaction. */
export interface PostgresJs {
  unsafe(text: string, values?: never[]): PromiseLike<readonly unknown[]>;
}

/** A connection, or a pool of them. */
export type PostgresConnection = PgClient | PgPool | PostgresJs;

/** One connection that is used for a while. */
export interface Line {
  query(text: string, values: readonly unknown[]): Promise<readonly ResultRow[]>;
  /** Gives it back; `broken`: it must not be used any more. */
  release(broken: boolean): void;
  /** `I`: no transaction is open; `undefined`: it cannot tell. */
  status(): string | undefined;
}

/** Where connections come from. */
export interface ConnectionPlace {
  /** True where each piece of work has a connection of its own. */
  readonly isPool: boolean;
  open(): Promise<Line>;
}

/** The members of a driver's objects that only some of them have. */
interface Driver {
  readonly query?: (
    text: string,
    values: readonly unknown[],
  ) => Promise<{ readonly rows: readonly ResultRow[] }>;
  readonly unsafe?: (text: string, values: readonly unknown[]) => PromiseLike<Iterable<ResultRow>>;
  readonly connect?: () => Promise<Driver>;
  readonly reserve?: () => Promise<Driver>;
  readonly release?: (broken?: boolean) => void;
  readonly savepoint?: unknown;
  readonly totalCount?: unknown;
  getTransactionStatus?(): unknown;
}

/** Finds out what a connection is. Throws ConfigValidationError for what is none. */
export function placeOfConnection(connection: PostgresConnection): ConnectionPlace {
  const given = connection as unknown as Driver | null | undefined;
  if (typeof given?.query === 'function') {
    const { connect } = given;
    if (typeof given.totalCount !== 'number' || connect === undefined) {
      return { isPool: false, open: async () => lineOf(given, false) };
    }
    return { isPool: true, open: async () => lineOf(await connect.call(given), true) };
  }
  if (typeof given?.unsafe === 'function') {
    const { reserve } = given;
    const isOne = typeof given.release === 'function' || typeof given.savepoint === 'function';
    if (isOne) return { isPool: false, open: async () => lineOf(given, false) };
    if (typeof reserve === 'function')
      return { isPool: true, open: async () => lineOf(await reserve.call(given), true) };
  }
  throw new ConfigValidationError(
    'The option `connection` of postgresRollback is a Pool, Client or PoolClient of pg, or what `postgres()` of postgres.js 3.4 or newer returns.',
  );
}

function lineOf(driver: Driver, isOwn: boolean): Line {
  return {
    query: async (text, values) => {
      if (driver.query !== undefined) return (await driver.query(text, [...values])).rows;
      return [...((await driver.unsafe?.(text, [...values])) ?? [])];
    },
    release: (broken) => {
      if (isOwn) driver.release?.(broken);
    },
    status: () => {
      if (isOwn) return 'I';
      const status = driver.getTransactionStatus?.();
      return typeof status === 'string' ? status : undefined;
    },
  };
}
