import { textLength } from './code-points.ts';
import { commandsIn, runsCommand, statementsIn, writesTo } from './command-functions.ts';
import { ordered } from './comparison.ts';
import { failAt } from './errors.ts';
import { iterate } from './lookup.ts';
import { toFloat, toInt } from './numbers.ts';
import { containsPii } from './pii.ts';
import { isPrivateHost } from './private-host.ts';
import type { Run } from './run.ts';
import { isSensitivePath } from './sensitive-path.ts';
import { intText, textOf } from './text-form.ts';
import { type Dict, describe, dictKeys, dictSize, kindOf, MISSING, type Tuple } from './values.ts';

/** A function on computed arguments: how many it takes, and what it does. */
export interface PlainFunction {
  readonly min: number;
  readonly max: number;
  apply(args: readonly unknown[], run: Run, at: string): unknown;
}

/** The functions whose arguments are plain values, by name. */
export const PLAIN_FUNCTIONS: ReadonlyMap<string, PlainFunction> = new Map<string, PlainFunction>([
  ['len', { min: 1, max: 1, apply: ([value], run, at) => length(value, run, at) }],
  ['str', { min: 1, max: 1, apply: ([value], run, at) => textOf(value, run, at) }],
  ['int', { min: 1, max: 1, apply: ([value], _, at) => toInt(value, at) }],
  ['float', { min: 1, max: 1, apply: ([value], _, at) => toFloat(value, at) }],
  ['bool', { min: 1, max: 1, apply: ([value], run, at) => run.truth(value, at) }],
  ['abs', { min: 1, max: 1, apply: ([value], _, at) => absolute(value, at) }],
  ['any', { min: 1, max: 1, apply: ([value], run, at) => some(value, run, at, true) }],
  ['all', { min: 1, max: 1, apply: ([value], run, at) => !some(value, run, at, false) }],
  ['min', { min: 1, max: 100, apply: (args, run, at) => extreme(args, '<', run, at) }],
  ['max', { min: 1, max: 100, apply: (args, run, at) => extreme(args, '>', run, at) }],
  ['contains_pii', { min: 1, max: 1, apply: ([value], run, at) => anyText(value, containsPii, run, at, 0) }],
  ['is_sensitive_path', { min: 1, max: 1, apply: ([value], run, at) => sensitivePath(value, run, at) }],
  ['is_private_host', { min: 1, max: 1, apply: ([value], run, at) => privateHost(value, run, at) }],
  ['commands', { min: 1, max: 1, apply: ([value], run, at) => commandsIn(value, run, at) }],
  ['runs', { min: 2, max: 2, apply: ([value, name], run, at) => runsCommand(value, name, run, at) }],
  ['writes_to', { min: 1, max: 1, apply: ([value], run, at) => writesTo(value, run, at) }],
  ['statements', { min: 1, max: 1, apply: ([value], run, at) => statementsIn(value, run, at) }],
]);

function length(value: unknown, run: Run, at: string): number {
  switch (kindOf(value)) {
    case 'missing':
      return 0;
    case 'str':
      run.spendCharacters(value as string, at);
      return textLength(value as string);
    case 'list':
      return (value as readonly unknown[]).length;
    case 'tuple':
      return (value as Tuple).items.length;
    case 'dict':
      run.spendDict(value as Dict, at);
      return dictSize(value as Dict);
    case 'set':
      return (value as ReadonlySet<unknown>).size;
    default:
      return failAt(at, `${describe(value)} has no length`);
  }
}

function absolute(value: unknown, at: string): unknown {
  switch (kindOf(value)) {
    case 'missing':
      return MISSING;
    case 'int':
    case 'float':
    case 'bool':
      return typeof value === 'bigint' ? (value < 0n ? -value : value) : Math.abs(Number(value));
    default:
      return failAt(at, `abs() takes a number, not ${describe(value)}`);
  }
}

function some(value: unknown, run: Run, at: string, wanted: boolean): boolean {
  for (const item of iterate(value, run, at)) {
    run.spend(1, at);
    if (run.truth(item, at) === wanted) return true;
  }
  return false;
}

/** The smallest or largest of what is there; missing when no candidate is. Nothing to choose from is an error. */
function extreme(args: readonly unknown[], better: '<' | '>', run: Run, at: string): unknown {
  const first = args[0];
  if (args.length === 1 && first === MISSING) return MISSING;
  let best: unknown = MISSING;
  let empty = true;
  for (const item of args.length === 1 ? iterate(first, run, at) : args) {
    run.spend(1, at);
    empty = false;
    // A candidate that is left out must not switch off the limit on the others.
    if (item === MISSING || item === undefined) continue;
    // The first candidate is compared with itself, so that NaN is refused wherever it stands.
    if (typeof item === 'number') ordered(better, item, item, run, at);
    if (best === MISSING || ordered(better, item, best, run, at)) best = item;
  }
  return empty ? failAt(at, 'min() and max() of nothing are not defined') : best;
}

function anyText(
  value: unknown,
  test: (text: string) => boolean,
  run: Run,
  at: string,
  depth: number,
): boolean {
  run.spend(1, at);
  if (depth > 200) failAt(at, 'the data is nested too deeply to search');
  switch (kindOf(value)) {
    case 'str':
      run.spend(1 + ((value as string).length >>> 4), at);
      return test(value as string);
    case 'int':
      return test(intText(value as number | bigint, run, at));
    case 'list':
    case 'tuple':
    case 'set':
      for (const item of iterate(value, run, at)) if (anyText(item, test, run, at, depth + 1)) return true;
      return false;
    case 'dict':
      for (const [key, item] of entries(value as Dict)) {
        if (anyText(key, test, run, at, depth + 1) || anyText(item, test, run, at, depth + 1)) return true;
      }
      return false;
    case 'opaque':
      return failAt(at, `${describe(value)} cannot be searched`);
    default:
      return false;
  }
}

function entries(dict: Dict): Iterable<readonly [unknown, unknown]> {
  return dict instanceof Map
    ? dict
    : dictKeys(dict).map((key) => [key, (dict as Record<string, unknown>)[String(key)]]);
}

function sensitivePath(value: unknown, run: Run, at: string): boolean {
  if (value === MISSING) return false;
  if (typeof value !== 'string')
    return failAt(at, `is_sensitive_path() takes a path as text, not ${describe(value)}`);
  run.spend(1 + (value.length >>> 4), at);
  return isSensitivePath(value);
}

function privateHost(value: unknown, run: Run, at: string): boolean {
  if (value === MISSING || value === '') return false;
  if (typeof value !== 'string')
    return failAt(at, `is_private_host() takes a host or URL as text, not ${describe(value)}`);
  run.spend(4 + (value.length >>> 3), at);
  return isPrivateHost(value) ?? failAt(at, `no host can be read from ${JSON.stringify(value.slice(0, 60))}`);
}

/** Names that `isinstance` knows, and the kinds they cover: bool is an int, as in Python. */
export const TYPE_NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  ['str', ['str']],
  ['int', ['int', 'bool']],
  ['float', ['float']],
  ['bool', ['bool']],
  ['list', ['list']],
  ['dict', ['dict']],
  ['tuple', ['tuple']],
]);
