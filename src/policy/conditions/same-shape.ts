import { contains, equals, NAN_COMPARED } from './comparison.ts';
import { failAt } from './errors.ts';
import type { Run } from './run.ts';
import { describe, kindOf, Tuple } from './values.ts';

/** A comparison and its two sides as written, for error messages. */
export interface Operands {
  readonly whole: string;
  readonly left: string;
  readonly right: string;
}

/**
 * `a == b` where Python's answer would hide a mistake of the caller or the policy: text compared with a list, dict, set
 * or bytes is an error, and so is NaN. A missing value, None and numbers are compared as in Python.
 */
export function equalsInShape(a: unknown, b: unknown, run: Run, at: Operands): boolean {
  if (typeof a === 'string') refuseBeside(b, at.right, at.whole);
  else if (typeof b === 'string') refuseBeside(a, at.left, at.whole);
  if (Number.isNaN(a) || Number.isNaN(b)) failAt(at.whole, NAN_COMPARED);
  return equals(a, b, run, at.whole);
}

/** `item in […]` of a list, tuple or set that is written out: as `==` with every element, unless one is equal. */
export function containsEqual(item: unknown, container: unknown, run: Run, at: Operands): boolean {
  if (kindOf(item) === 'opaque') refuseBesideText(item, container, at);
  if (contains(container, item, run, at.whole)) return true;
  refuseBesideText(item, container, at);
  return false;
}

function refuseBesideText(item: unknown, container: unknown, at: Operands): void {
  const elements = container instanceof Tuple ? container.items : (container as Iterable<unknown>);
  for (const element of elements) {
    if (typeof element === 'string') refuseBeside(item, at.left, at.whole);
    else if (typeof item === 'string') refuseBeside(element, at.right, at.whole);
  }
}

/** Fails for what is never equal to the text that it is compared with. */
function refuseBeside(value: unknown, written: string, whole: string): void {
  if (typeof value !== 'object' || value === null || value instanceof Tuple) return;
  const shape = kindOf(value) === 'opaque' ? describe(value) : `a ${describe(value)}`;
  failAt(whole, `\`${written}\` is ${shape} where text is compared`);
}
