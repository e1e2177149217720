import { hash } from 'node:crypto';
import { ActionGuard } from '../../src/guard.ts';
import type { GuardOptions } from '../../src/guard-options.ts';
import { Policy } from '../../src/policy/policy.ts';
import { MemoryStore } from '../../src/stores/memory.ts';

/** Allows everything. */
export const ALLOW_ALL = new Policy({ name: 'open', rules: [], defaultAction: 'allow' });

/** System files are off limits, payments need a person, the rest is allowed. */
export const MIXED = new Policy({
  name: 'mixed',
  defaultAction: 'allow',
  rules: [
    { pattern: '^/etc/', action: 'block', reason: 'System files stay as they are', suggestion: 'use /tmp' },
    { pattern: '^pay ', action: 'escalate', reason: 'Money needs a person', escalateTo: 'finance' },
    { pattern: '^later', action: 'defer', reason: 'Not now', deferSeconds: 30 },
    { pattern: '^careful', action: 'warn', reason: 'Take care' },
  ],
});

/** A guard that allows everything its options do not forbid. */
export function openGuard(options: GuardOptions = {}): ActionGuard {
  return new ActionGuard({ policy: ALLOW_ALL, ...options });
}

/** A guard that judges by {@link MIXED}. */
export function mixedGuard(options: GuardOptions = {}): ActionGuard {
  return new ActionGuard({ policy: MIXED, ...options });
}

/** A store in memory of its own. */
export function memoryStore(maxActions: number = 1000): MemoryStore {
  return new MemoryStore({ maxActions, sha256: (text) => hash('sha256', text) });
}

/** What a call threw; fails when it did not. */
export async function refusalOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('The call was not refused.');
}
