import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ActionEscalatedError, ActionGuard, type GrantScope, Policy } from '../../src/index.ts';
import { read } from '../architecture/repository.ts';
import { type Call, DIFFERENCES, type Difference } from './call-differences.ts';

/** A guard in memory that asks a person about every call, and how calls are made through it. */
function scene() {
  const guard = new ActionGuard({
    snapshotPath: null,
    policy: new Policy({ defaultAction: 'allow', rules: [] }),
  });
  guard.addEvaluator({ name: 'ask', evaluate: () => ({ verdict: 'ESCALATE', reason: 'ask' }) });
  let runs = 0;
  /** How often tools have run by now; the request where this call has to wait for a person. */
  const make = ({ args, tool = 'pay', actionType, context = {} }: Call): number | string => {
    const body = Object.defineProperty(() => ++runs, 'name', { value: tool });
    const wrapped = guard.wrap(body as (...given: readonly unknown[]) => number, {
      ...(actionType === undefined ? {} : { actionType }),
    });
    try {
      return guard.withContext(context, () => wrapped(...args));
    } catch (error) {
      if (error instanceof ActionEscalatedError) return error.approvalId ?? '';
      throw error;
    }
  };
  const approve = (call: Call, scope: GrantScope): string => {
    const id = String(make(call));
    guard.approvals.approve(id, { by: 'ann', scope });
    return id;
  };
  return { guard, make, approve };
}

const bothWays = ({ pairs }: Difference) =>
  pairs.flatMap(([one, other]) => [
    [one, other],
    [other, one],
  ]) as readonly (readonly [Call, Call])[];

describe.each(DIFFERENCES)('a second call with $row', (difference) => {
  const { isSame } = difference;

  it(`${isSame ? 'runs' : 'does not run'} by an approval of the first one`, () => {
    for (const [first, second] of bothWays(difference)) {
      const { guard, make, approve } = scene();
      const id = approve(first, 'once');
      const came = make(second);
      expect([came === 1, guard.approvals.get(id)], told(first, second)).toMatchObject([
        isSame,
        { state: isSame ? 'consumed' : 'approved' },
      ]);
      // The approval is neither lost by it, nor good for another one.
      expect(make(first) === 1, told(first, second)).toBe(!isSame);
      expect(make(first), told(first, second)).toEqual(expect.any(String));
    }
  });

  it(`${isSame ? 'runs' : 'does not run'} by a grant for the first one`, () => {
    for (const [first, second] of bothWays(difference)) {
      const { make, approve } = scene();
      approve(first, 'call');
      expect(make(first)).toBe(1);
      expect(make(second) === 2, told(first, second)).toBe(isSame);
      expect(make(first)).toBe(isSame ? 3 : 2);
    }
  });
});

function told(first: Call, second: Call): string {
  const text = ({ args, ...rest }: Call): string =>
    `${String(args.map((one) => (typeof one === 'object' ? jsonOf(one) : String(one))))} ${JSON.stringify(rest)}`;
  return `${text(first)} | ${text(second)}`;
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_key, one) => (typeof one === 'bigint' ? `${one}n` : one)) ?? 'undefined';
}

describe('any other data', () => {
  const leaf = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 4 }),
    fc.integer({ min: -2, max: 2 }),
    fc.double(),
    fc.boolean(),
    fc.constantFrom(null, undefined, 1n, -0, '1', 'true'),
    fc.date({ noInvalidDate: true }),
  );
  const { data } = fc.letrec<{ data: unknown }>((tie) => ({
    data: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie('data'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', '', '$date', '__proto__', 'é'), tie('data'), { maxKeys: 3 }),
      fc.array(tie('data'), { maxLength: 2 }).map((items) => new Set(items)),
    ),
  }));

  it('is the same call when it is equal, and no other one', () => {
    const { make } = scene();
    fc.assert(
      fc.property(data, data, (one, other) => {
        const [first, second] = [make({ args: [one] }), make({ args: [other] })];
        expect(make({ args: [one] })).toBe(first);
        expect(first === second).toBe(isEqual(one, other));
      }),
    );
  });

  it('is another call after any single change', () => {
    const { make } = scene();
    fc.assert(
      fc.property(fc.dictionary(fc.string(), data, { minKeys: 1 }), fc.nat(), data, (record, pick, to) => {
        const keys = Object.keys(record);
        const key = keys[pick % keys.length] ?? '';
        fc.pre(!isEqual(record[key], to));
        const changed = Object.fromEntries(keys.map((name) => [name, name === key ? to : record[name]]));
        expect(make({ args: [changed] })).not.toBe(make({ args: [record] }));
      }),
    );
  });
});

/** Without the code under test: the order of keys and the sign of 0 make no difference, everything else does. */
function isEqual(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return Object.is(one === 0 ? 0 : one, other === 0 ? 0 : other);
  }
  if (one instanceof Date || other instanceof Date) {
    return one instanceof Date && other instanceof Date && one.getTime() === other.getTime();
  }
  if (one instanceof Set || other instanceof Set) {
    return one instanceof Set && other instanceof Set && isEqual([...one], [...other]);
  }
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [names, others] = [Object.keys(one), Object.keys(other)];
  return (
    names.length === others.length &&
    names.every((name) => Object.hasOwn(other, name) && isEqual(memberOf(one, name), memberOf(other, name)))
  );
}

function memberOf(value: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

describe('the table in docs/approvals.md', () => {
  it('has exactly these rows', () => {
    const [, section = ''] = read('docs/approvals.md').split('## Exactly the same call');
    const [table = ''] = section.split('\n## ');
    const rows = [...table.matchAll(/^\| (.+) \| (yes|no) \|$/gm)].map(([, row, runs]) => `${row}: ${runs}`);
    expect(rows).toEqual(DIFFERENCES.map(({ row, isSame }) => `${row}: ${isSame ? 'yes' : 'no'}`));
  });
});
