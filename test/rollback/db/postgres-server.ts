import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** Where a server may be used for tests: databases are made in it and dropped again. */
const SERVER = process.env.PLYRA_TEST_POSTGRES ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** What to do where there is none. */
export const HOW_TO_START =
  'no PostgreSQL answers: start one (`service postgresql start`) and name it in PLYRA_TEST_POSTGRES (postgres://user@127.0.0.1:5432/postgres)';

/** Whether a server answers. */
export async function hasPostgres(): Promise<boolean> {
  const client = new pg.Client({ connectionString: SERVER, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    process.stderr.write(`Tests are skipped: ${HOW_TO_START}.\n`);
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A database of one test's own. */
export interface OwnDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

export async function ownDatabase(): Promise<OwnDatabase> {
  const name = `plyra_${randomBytes(6).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`);
  const url = new URL(SERVER);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(`DROP DATABASE ${name} WITH (FORCE)`) };
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: SERVER });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
