import { type ArgumentKinds, familyOf, isArgumentKind } from '../core/argument-kind.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { AdapterNotFoundError, ConfigSchemaError, ConfigValidationError } from '../core/errors.ts';
import { isRiskLevel, type RiskLevel, type TrustLevel, trustScore } from '../core/levels.ts';
import { isPlainObject } from '../core/private-copy.ts';
import { type Compensate, compensation, HTTP_HANDLER } from '../rollback/http.ts';
import type { IntentFn, ToolSpec } from './tool.ts';

/** How `wrap` guards a tool. Every field may be left out. */
export interface WrapOptions {
  /** Makes the intent string; default: all string arguments, joined by one space. */
  readonly intentFn?: IntentFn | undefined;
  /** Default `tool.<name>`. */
  readonly actionType?: string | undefined;
  /** Default MEDIUM. */
  readonly riskLevel?: RiskLevel | undefined;
  /** Names of positional arguments, and the order of named ones in the intent string. */
  readonly params?: readonly string[] | undefined;
  /** What arguments are, by name: path, url, shell, sql or text. */
  readonly kinds?: ArgumentKinds | undefined;
  /** Default `throw`; with `return` the model is handed a RefusalValue instead of an error. */
  readonly onBlock?: 'throw' | 'return' | undefined;
  /** Milliseconds that an asynchronous tool may run. */
  readonly timeoutMs?: number | undefined;
  /** Makes a tool that is not an async function wait for approvals; its wrapper returns a promise. */
  readonly async?: true | undefined;
  /** Names the adapter instead of detecting it; plain functions need none. */
  readonly framework?: string | undefined;
  readonly strict?: boolean | undefined;
  readonly replayResults?: boolean | undefined;
}

/** How `protect` guards a tool. */
export interface ProtectOptions {
  /** Default MEDIUM. */
  readonly riskLevel?: RiskLevel | undefined;
  /** Default true. */
  readonly rollback?: boolean | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly params?: readonly string[] | undefined;
  readonly kinds?: ArgumentKinds | undefined;
  /** USD per call, default 0. */
  readonly estimatedCost?: number | undefined;
  /** The least trust (0–1, or a TrustLevel) of agent and chain. */
  readonly minTrust?: number | TrustLevel | undefined;
  readonly timeoutMs?: number | undefined;
  /**
   * Describes the HTTP request that undoes the action, for `guard.rollback`. It is asked right after the tool succeeded; its
   * request is kept in the store, and is the only one that is ever sent.
   */
  readonly compensate?: Compensate | undefined;
}

const WRAP_OPTIONS = Object.freeze([
  'intentFn',
  'actionType',
  'riskLevel',
  'params',
  'kinds',
  'onBlock',
  'timeoutMs',
  'async',
  'framework',
  'strict',
  'replayResults',
]);

const PROTECT_OPTIONS = Object.freeze([
  'riskLevel',
  'rollback',
  'tags',
  'params',
  'kinds',
  'estimatedCost',
  'minTrust',
  'timeoutMs',
  'compensate',
]);

/** A plain object is options if every key is an option's name and no value is a tool. */
export function isWrapOptions(value: unknown): value is WrapOptions {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !isPlainObject(value))
    return false;
  return Object.entries(value).every(
    ([key, item]) => WRAP_OPTIONS.includes(key) && (key === 'intentFn' || typeof item !== 'function'),
  );
}

/** The spec of a tool guarded by `wrap`. Throws ConfigSchemaError and ConfigValidationError for options it cannot use. */
export function wrapSpec(toolName: string, options: WrapOptions): ToolSpec {
  knownKeys('wrap', options, WRAP_OPTIONS);
  const { framework } = options;
  if (framework !== undefined && framework !== 'function') {
    throw new AdapterNotFoundError(
      `There is no adapter called \`${framework}\`. Wrap the function that the tool runs (its \`execute\`, say) instead.`,
      { framework },
    );
  }
  check('intentFn', options.intentFn, 'a function', (value) => typeof value === 'function');
  check(
    'onBlock',
    options.onBlock,
    '`throw` or `return`',
    (value) => value === 'throw' || value === 'return',
  );
  check('async', options.async, '`true`', (value) => value === true);
  return {
    ...baseSpec(toolName, options.actionType ?? `tool.${toolName}`, options),
    intentFn: options.intentFn,
    onBlock: options.onBlock ?? 'throw',
  };
}

/** The spec of a tool guarded by `protect`. Throws like {@link wrapSpec}. */
export function protectSpec(toolName: string, actionType: string, options: ProtectOptions): ToolSpec {
  knownKeys('protect', options, PROTECT_OPTIONS);
  check('tags', options.tags, 'a list of strings', isStringList);
  check('estimatedCost', options.estimatedCost, 'a number of USD, zero or more', isAmount);
  check('rollback', options.rollback, 'true or false', (value) => typeof value === 'boolean');
  const { compensate } = options;
  check('compensate', compensate, 'a function', (value) => typeof value === 'function');
  const minTrust = options.minTrust === undefined ? null : trustScore(options.minTrust);
  if (minTrust === undefined) {
    throw new ConfigValidationError('`minTrust` must be a number from 0 to 1 or a TrustLevel.');
  }
  return {
    ...baseSpec(toolName, actionType, options),
    tags: Object.freeze([...(options.tags ?? [])]),
    estimatedCost: options.estimatedCost ?? 0,
    minTrust,
    rollback: options.rollback ?? true,
    compensate:
      compensate === undefined
        ? null
        : Object.freeze({ name: HTTP_HANDLER, handler: compensation(compensate), globs: Object.freeze([]) }),
  };
}

function baseSpec(toolName: string, actionType: string, options: WrapOptions | ProtectOptions): ToolSpec {
  check(
    'actionType',
    actionType,
    'a string like `file.delete`',
    (value) => typeof value === 'string' && value !== '',
  );
  check('riskLevel', options.riskLevel, 'LOW, MEDIUM, HIGH or CRITICAL', isRiskLevel);
  check('params', options.params, 'a list of argument names', isStringList);
  check('kinds', options.kinds, 'an object of kinds (path, url, shell, sql, text) by argument name', isKinds);
  check(
    'timeoutMs',
    options.timeoutMs,
    'a number of milliseconds above zero',
    (ms) => isAmount(ms) && ms !== 0,
  );
  return {
    toolName,
    actionType,
    riskLevel: options.riskLevel ?? 'MEDIUM',
    tags: Object.freeze([]),
    params: options.params === undefined ? undefined : Object.freeze([...options.params]),
    kinds: options.kinds === undefined ? undefined : Object.freeze({ ...options.kinds }),
    family: familyOf(actionType, toolName),
    intentFn: undefined,
    estimatedCost: 0,
    minTrust: null,
    timeoutMs: options.timeoutMs ?? null,
    onBlock: 'throw',
    framework: null,
    rollback: true,
    compensate: null,
  };
}

function knownKeys(method: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new ConfigSchemaError(`\`${method}\` has no option \`${key}\`.${didYouMean(key, known)}`);
    }
  }
}

function check(name: string, value: unknown, expected: string, accept: (value: unknown) => boolean): void {
  if (value !== undefined && !accept(value)) {
    throw new ConfigValidationError(`\`${name}\` must be ${expected}.`);
  }
}

function isStringList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value);
}

function isKinds(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every(isArgumentKind);
}
