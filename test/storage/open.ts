import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { systemClock } from '../../src/call/system-clock.ts';
import { openStorage, type Storage } from '../../src/storage.ts';

/** Opens storage at a path as a guard does, with a budget of 1 USD a task. */
export function openGuardStorage(path: string): Storage {
  const storage = openStorage({
    options: { snapshotPath: path },
    config: null,
    writer: { id: randomUUID(), host: hostname(), pid: process.pid },
    clock: systemClock,
  });
  storage.limiter.configure({
    rateLimits: null,
    budget: { perTask: 1, perAgentPerRun: null },
    maxActionsPerRun: () => null,
    isRegistered: () => false,
  });
  return storage;
}
