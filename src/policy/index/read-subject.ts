import { SCOPE_NAMES, SCOPE_OBJECTS } from '../conditions/names.ts';
import type { Subject } from '../conditions/predicate.ts';
import type { ConditionScope } from '../conditions/scope.ts';
import { dictGet, kindOf, MISSING } from '../conditions/values.ts';

/** Longer texts are not looked at: scanning them for every policy may use up what one evaluation may spend. */
const MAX_TEXT = 1 << 18;
/** The same for what is computed on the way to a literal, perhaps once for each of its alternatives. */
const MAX_GIVEN = 1 << 12;
const MAX_LIST = 1_000;

/** Reads a subject: its text, '' when it is missing, `null` when it is anything else, which passes every test. */
export type ReadSubject = (scope: ConditionScope) => string | null;

/** A reader for `subject`, made once. */
export function subjectReader({ path, lower }: Subject): ReadSubject {
  const read = pathReader(path);
  return (scope) => {
    const value = read(scope);
    if (typeof value === 'string') {
      if (value.length > MAX_TEXT) return null;
      return lower ? value.toLowerCase() : value;
    }
    return value === undefined || value === MISSING ? '' : null;
  };
}

function pathReader(path: readonly string[]): (scope: ConditionScope) => unknown {
  const [first = '', second = ''] = path;
  const member = SCOPE_OBJECTS.get(first)?.get(second);
  if (member !== undefined) return (scope) => member.read(scope);
  if (first === 'parameters' && path.length === 2) {
    return ({ parameters }) => (Object.hasOwn(parameters, second) ? parameters[second] : MISSING);
  }
  const root = SCOPE_NAMES.get(first);
  const keys = path.slice(1);
  return (scope) => {
    let value = root?.read(scope);
    for (const key of keys) {
      const kind = kindOf(value);
      if (kind === 'missing') return MISSING;
      // Reading a key of anything but a dict is an error of the condition, which must be seen: not a text.
      if (kind !== 'dict') return null;
      value = dictGet(value as object, key);
    }
    return value;
  };
}

/** Whether a member of the scope is a number and not NaN, or a text or list that is not huge. */
export function isOrdinary(scope: ConditionScope, path: string): boolean {
  const [first = '', second = ''] = path.split('.');
  const member = SCOPE_NAMES.get(first) ?? SCOPE_OBJECTS.get(first)?.get(second);
  const value = member?.read(scope);
  if (typeof value === 'number') return !Number.isNaN(value);
  if (typeof value === 'string') return value.length <= MAX_GIVEN;
  return value === null || (Array.isArray(value) && value.length <= MAX_LIST);
}
