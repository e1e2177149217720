import { ConfigValidationError } from '../../core/errors.ts';
import type { ActionIntent } from '../../core/intent.ts';

/** A statement with the values that its placeholders stand for. */
export interface CallStatement {
  readonly sql: string;
  /** By position, or (SQLite) by name with or without the sign before it. */
  readonly params?: readonly unknown[] | Readonly<Record<string, unknown>> | undefined;
}

/** Settings that the handlers for all databases have. */
export interface DbRollbackOptions {
  /** Names the handler in its snapshots: keep it as it is. Default: `sqlite` or `postgres`. One for each database. */
  readonly name?: string | undefined;
  /** Globs of action types beside the one that it is registered for. Default: none. */
  readonly actionTypes?: readonly string[] | undefined;
  /**
   * The statement that a call will run; `null` for a call that changes no rows. Default: the argument of kind sql, with
   * the values in the parameter named params, values, bindings or args.
   */
  readonly statement?: ((intent: ActionIntent) => CallStatement | null) | undefined;
  /** Most rows that one statement may change, those that foreign keys change with it included. Default 1,000. */
  readonly maxRows?: number | undefined;
  /** Most bytes that these rows may have together. Default 64 MB. */
  readonly maxBytes?: number | undefined;
  /**
   * True: the act runs in a transaction that begins before the capture and is committed after the act. The tool must use
   * the same connection. Default false.
   */
  readonly transaction?: boolean | undefined;
  /** What becomes of tables with triggers, whose own writes are not undone. Default `refuse`: irreversible. */
  readonly triggers?: 'refuse' | 'accept' | undefined;
}

/** The settings with their defaults. */
export interface Settings {
  readonly name: string;
  readonly actionTypes: readonly string[];
  readonly statement: ((intent: ActionIntent) => CallStatement | null) | null;
  readonly maxRows: number;
  readonly maxBytes: number;
  readonly transaction: boolean;
  readonly acceptsTriggers: boolean;
}

const MAX_ROWS = 1_000;
const MAX_BYTES = 64 * 1024 * 1024;

/** Checks the settings. Throws ConfigValidationError for one that cannot be. */
export function settingsOf(given: DbRollbackOptions, name: string): Settings {
  const settings = {
    name: given.name ?? name,
    actionTypes: given.actionTypes ?? [],
    statement: given.statement ?? null,
    maxRows: given.maxRows ?? MAX_ROWS,
    maxBytes: given.maxBytes ?? MAX_BYTES,
    transaction: given.transaction ?? false,
    acceptsTriggers: given.triggers === 'accept',
  };
  const { maxRows, maxBytes, statement } = settings;
  check(typeof settings.name === 'string' && settings.name !== '', 'name', 'a text');
  check(Array.isArray(settings.actionTypes), 'actionTypes', 'a list of globs');
  check(statement === null || typeof statement === 'function', 'statement', 'a function');
  check(
    Number.isInteger(maxRows) && maxRows > 0 && maxRows <= 100_000,
    'maxRows',
    'a whole number from 1 to 100000',
  );
  check(Number.isInteger(maxBytes) && maxBytes > 0, 'maxBytes', 'a whole number of bytes above 0');
  check(typeof settings.transaction === 'boolean', 'transaction', 'true or false');
  check([undefined, 'refuse', 'accept'].includes(given.triggers), 'triggers', "'refuse' or 'accept'");
  return settings;
}

function check(holds: boolean, option: string, what: string): void {
  if (!holds)
    throw new ConfigValidationError(
      `The option \`${option}\` of a rollback handler for a database is ${what}.`,
    );
}
