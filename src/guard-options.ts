import type { EscalationHandler } from './approvals/callback.ts';
import { configFromObject, type GuardConfigInput, type LoadedConfig, loadBuiltIn } from './config/load.ts';
import type { ApprovalSettings } from './config/settings.ts';
import { ignoreRejection, isThenable } from './core/awaitable.ts';
import type { Clock } from './core/clock.ts';
import { closest } from './core/did-you-mean.ts';
import { ConfigError, ConfigSchemaError, ConfigValidationError } from './core/errors.ts';
import type { Evaluator } from './core/evaluator.ts';
import { isPlainObject } from './core/private-copy.ts';
import type { SqlParser } from './core/sql-parser.ts';
import type { Exporter } from './exporters/exporter.ts';
import type { Limiter } from './limits/limiter.ts';
import { Policy } from './policy/policy.ts';
import type { Store } from './stores/store.ts';

/** What a guard is made of. Every field may be left out. */
export interface GuardOptions {
  /** Rules; several policies are layers: each judges, the worst verdict wins. */
  readonly policy?: Policy | readonly Policy[] | undefined;
  /** Settings and condition policies, as in YAML. Its rules and policies are one more layer. */
  readonly config?: GuardConfigInput | undefined;
  readonly exporters?: readonly Exporter[] | undefined;
  /** The SQLite file of the journal; `null`: memory only. Default: `storage.path`, PLYRA_SNAPSHOT_PATH, `~/.plyra/snapshots.db`. */
  readonly snapshotPath?: string | null | undefined;
  /** A store of your own in place of `snapshotPath`. */
  readonly store?: Store | undefined;
  /** Where calls and money are counted. Default: beside the journal. */
  readonly limiter?: Limiter | undefined;
  /** Decides on escalated actions; only `true` approves. Without it an escalation is refused. */
  readonly escalationHandler?: EscalationHandler | undefined;
  readonly approvals?: GuardConfigInput['approvals'] | undefined;
  /** Custom evaluators, added behind the built-in ones. */
  readonly evaluators?: readonly Evaluator[] | undefined;
  /** `monitor` judges and journals but lets everything run. Default `enforce`. */
  readonly mode?: 'enforce' | 'monitor' | undefined;
  /** Time, for tests. Default: the machine's. */
  readonly clock?: Clock | undefined;
  /** Reads SQL for PostgreSQL: `parseSync` of libpg-query, after `await loadModule()`. Default: a tokenizer of our own. */
  readonly sqlParser?: SqlParser | undefined;
}

const OPTION_NAMES = Object.freeze([
  'policy',
  'config',
  'exporters',
  'snapshotPath',
  'store',
  'limiter',
  'escalationHandler',
  'approvals',
  'evaluators',
  'mode',
  'clock',
  'sqlParser',
]);

/** The methods that parts handed in must have; a missing one would show only when a call needs it. */
const METHODS = Object.freeze({
  store: ['append', 'entries', 'entry', 'records', 'frozen', 'setFrozen', 'keepPolicy', 'close'],
  limiter: ['facts', 'reserve', 'settle', 'release', 'configure', 'recordOutcome', 'flush', 'close'],
  clock: ['now', 'monotonic', 'setTimer'],
} as const);

const CONFIG_NAMES = Object.freeze([
  'version',
  'name',
  'default_action',
  'rules',
  'global',
  'budget',
  'rate_limits',
  'policies',
  'agents',
  'evaluators',
  'tools',
  'spellings',
  'rollback',
  'observability',
  'approvals',
  'approvers',
  'storage',
  'redaction',
  'mode',
  'sidecar',
]);

/**
 * Reads what the constructor was given: options, or a config on its own (told apart by their keys).
 * Throws {@link ConfigSchemaError} for anything that is neither, {@link ConfigValidationError} for an option of a
 * wrong shape.
 */
export function readGuardOptions(given: unknown): GuardOptions {
  if (typeof given !== 'object' || given === null || !isPlainObject(given)) {
    throw new ConfigSchemaError(
      'ActionGuard takes an object of options, or a config object; or nothing at all.',
    );
  }
  const names = Object.keys(given);
  const customEvaluators = given.evaluators === undefined || Array.isArray(given.evaluators);
  if (customEvaluators && names.every((name) => OPTION_NAMES.includes(name)))
    return checked(given as GuardOptions);
  if (names.every((name) => CONFIG_NAMES.includes(snakeCase(name))))
    return { config: given as GuardConfigInput };
  if (names.every((name) => OPTION_NAMES.includes(name))) {
    throw new ConfigValidationError(
      '`evaluators` must be a list of evaluators; settings of the built-in ones go under `config`.',
    );
  }
  const known = [...OPTION_NAMES, ...CONFIG_NAMES];
  const wrong = names.find((name) => !known.includes(name) && !known.includes(snakeCase(name)));
  if (wrong === undefined) {
    throw new ConfigSchemaError(
      'ActionGuard was given options and config keys mixed; put the config under `config`.',
    );
  }
  const near = closest(wrong, known);
  const hint = near === undefined ? '' : ` Did you mean \`${near}\`?`;
  throw new ConfigSchemaError(`ActionGuard has no option \`${wrong}\`.${hint}`);
}

function checked(options: GuardOptions): GuardOptions {
  const { policy, snapshotPath, mode, escalationHandler } = options;
  const policies = policy === undefined ? [] : Array.isArray(policy) ? policy : [policy];
  if (!policies.every((one) => one instanceof Policy)) {
    throw new ConfigSchemaError(
      '`policy` must be a Policy or a list of them: `new Policy({ rules: [...] })`.',
    );
  }
  if (mode !== undefined && mode !== 'enforce' && mode !== 'monitor') {
    throw new ConfigValidationError('`mode` must be `enforce` or `monitor`.');
  }
  if (escalationHandler !== undefined && typeof escalationHandler !== 'function') {
    throw new ConfigValidationError(
      '`escalationHandler` must be a function of the action; only `true` approves.',
    );
  }
  if (snapshotPath !== undefined && snapshotPath !== null && typeof snapshotPath !== 'string') {
    throw new ConfigValidationError('`snapshotPath` must be a path, or null to keep the journal in memory.');
  }
  if (typeof snapshotPath === 'string' && options.store !== undefined) {
    throw new ConfigError('`snapshotPath` names a store and `store` hands one in: give one of them.');
  }
  checkExporters(options.exporters);
  checkMethods('store', options.store);
  checkMethods('limiter', options.limiter);
  checkMethods('clock', options.clock);
  checkSqlParser(options.sqlParser);
  return options;
}

function checkExporters(exporters: unknown): void {
  if (exporters === undefined) return;
  if (!Array.isArray(exporters)) {
    throw new ConfigValidationError('`exporters` must be a list of objects with a function `export`.');
  }
  const wrong = Array.from(exporters).findIndex((one) => missingMethod(one, ['export']) !== undefined);
  if (wrong >= 0) {
    throw new ConfigValidationError(`\`exporters[${wrong}]\` must be an object with a function \`export\`.`);
  }
}

/** Tries the parser once: one that cannot answer yet would leave every statement to the tokenizer, unnoticed. */
function checkSqlParser(parse: unknown): void {
  if (parse === undefined) return;
  if (typeof parse !== 'function') {
    throw new ConfigValidationError(
      '`sqlParser` must be a function of an SQL text: `parseSync` of libpg-query.',
    );
  }
  let tree: unknown;
  try {
    tree = parse('SELECT 1');
  } catch (error) {
    throw new ConfigError(
      '`sqlParser` cannot read `SELECT 1`: `await loadModule()` of libpg-query before the guard is made.',
      {},
      {},
      { cause: error },
    );
  }
  if (isThenable(tree)) {
    ignoreRejection(tree);
    throw new ConfigValidationError(
      '`sqlParser` must answer at once: `parseSync` of libpg-query, not `parse`.',
    );
  }
  if (typeof tree !== 'object' || tree === null || !Array.isArray((tree as { stmts?: unknown }).stmts)) {
    throw new ConfigValidationError(
      '`sqlParser` must give the parse tree of PostgreSQL, `{ stmts: [...] }`: `parseSync` of libpg-query.',
    );
  }
}

function checkMethods(option: keyof typeof METHODS, given: unknown): void {
  if (given === undefined) return;
  const missing = missingMethod(given, METHODS[option]);
  if (missing === undefined) return;
  const all = METHODS[option].map((name) => `\`${name}\``).join(', ');
  throw new ConfigValidationError(
    `\`${option}\` must be an object with the functions ${all}; \`${missing}\` is missing.`,
  );
}

function missingMethod(given: unknown, names: readonly string[]): string | undefined {
  if (typeof given !== 'object' || given === null) return names[0];
  return names.find((name) => typeof (given as Readonly<Record<string, unknown>>)[name] !== 'function');
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** What the options alone amount to. Options that state neither rules nor settings are judged by the built-in policy. */
export function configOf({ config, policy }: GuardOptions): LoadedConfig | null {
  if (config !== undefined) return configFromObject(config);
  return policy === undefined ? loadBuiltIn() : null;
}

/** What the options themselves say of how people are asked: that goes before any file. */
export function statedApprovals({ approvals }: GuardOptions): Partial<ApprovalSettings> {
  if (approvals === undefined) return {};
  const { settings, statedKeys } = configFromObject({ approvals });
  const { wait, timeoutSeconds, quorum, repeatLimit, via, webhook } = settings.approvals;
  const isStated = (key: string): boolean => statedKeys.includes(`approvals.${key}`);
  return {
    ...(isStated('wait') ? { wait } : {}),
    ...(isStated('timeout_seconds') ? { timeoutSeconds } : {}),
    ...(isStated('quorum') ? { quorum } : {}),
    ...(isStated('repeat_limit') ? { repeatLimit } : {}),
    ...(isStated('via') ? { via } : {}),
    ...(isStated('webhook') ? { webhook } : {}),
  };
}
