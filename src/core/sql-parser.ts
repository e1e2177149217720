/**
 * A parser of PostgreSQL's SQL that answers at once: `parseSync` of libpg-query once `loadModule` is done, or one that
 * gives the same tree (`{ stmts: [{ stmt, stmt_location, stmt_len }] }`, places in bytes of UTF-8). Throws what it
 * refuses.
 */
export type SqlParser = (sql: string) => unknown;
