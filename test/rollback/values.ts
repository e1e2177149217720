import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { ActionGuard, type GuardOptions, Policy, type RollbackHandler } from '../../src/index.ts';

const ALLOW = new Policy({ rules: [], defaultAction: 'allow' });

let folder: string;
let guards: ActionGuard[];
/** What the tools of these tests change. */
export let values: Map<string, string>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plyra-rollback-'));
  guards = [];
  values = new Map();
});

afterEach(async () => {
  for (const guard of guards) await guard.close();
  rmSync(folder, { recursive: true });
});

/** Undoes `value.set`, with everything that a handler may have. */
export function valueHandler(): RollbackHandler {
  const stateOf = (key: string): Record<string, string> => {
    const value = values.get(key);
    return value === undefined ? {} : { [key]: value };
  };
  return {
    name: 'values',
    actionTypes: ['value.set'],
    capture: ({ parameters }) => ({ key: parameters.key, value: values.get(String(parameters.key)) ?? null }),
    state: ({ data }, when) => {
      const { key, value } = data as { key: string; value: string | null };
      if (when === 'before') return value === null ? {} : { [key]: value };
      return stateOf(key);
    },
    restore: ({ data }) => {
      const { key, value } = data as { key: string; value: string | null };
      if (value === null) values.delete(key);
      else values.set(key, value);
    },
  };
}

/** A guard whose tool `set` changes a value. */
export function start(
  place: 'memory' | 'sqlite',
  handler: RollbackHandler | null = valueHandler(),
  options: GuardOptions = {},
) {
  const guard = new ActionGuard({
    policy: ALLOW,
    snapshotPath: place === 'memory' ? null : join(folder, 'journal.db'),
    ...options,
  });
  guards.push(guard);
  if (handler !== null) guard.registerRollbackHandler('value.*', handler);
  const set = guard.protect('value.set')(({ key, value }: { key: string; value: string }) => {
    values.set(key, value);
    return value;
  });
  return { guard, set };
}

/** The newest action. */
export function lastId(guard: ActionGuard): string {
  return guard.getAuditLog({ limit: 1 })[0]?.actionId ?? '';
}
