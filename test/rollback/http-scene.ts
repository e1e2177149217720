import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect } from 'vitest';
import { ActionGuard, type Compensate, Policy } from '../../src/index.ts';

const ALLOW = new Policy({ rules: [], defaultAction: 'allow' });

/** Guards on one journal, whose tools are undone by requests. Everything is closed and removed after each test. */
export function httpScene() {
  let folder = '';
  let guards: ActionGuard[] = [];
  const journal = (): string => join(folder, 'journal.db');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'plyra-http-'));
    guards = [];
  });

  afterEach(async () => {
    for (const guard of guards) await guard.close();
    rmSync(folder, { recursive: true });
  });

  const start = (): ActionGuard => {
    const guard = new ActionGuard({ policy: ALLOW, snapshotPath: journal() });
    guards.push(guard);
    return guard;
  };

  return {
    journal,
    start,
    /** A room that was booked, by a tool that can wait or by one that cannot. */
    async booked(compensate: Compensate, waits = true): Promise<{ guard: ActionGuard; id: string }> {
      const guard = start();
      const protect = guard.protect('room.book', { compensate });
      const tool = waits
        ? protect(async (room: string) => ({ room }))
        : protect((room: string) => ({ room }));
      expect(await tool('blue')).toEqual({ room: 'blue' });
      return { guard, id: guard.getAuditLog({ limit: 1 })[0]?.actionId ?? '' };
    },
    /** Every text of the journal, and of what tells of snapshots. */
    text(): string {
      const database = new DatabaseSync(journal(), { readOnly: true });
      const rows = ['SELECT * FROM journal', 'SELECT * FROM snapshots'].flatMap((sql) =>
        database.prepare(sql).all(),
      );
      database.close();
      return JSON.stringify(rows, (_key, value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString() : value,
      );
    },
  };
}

/** The labels of an action's entry. */
export function labelsOf(guard: ActionGuard, id: string): readonly string[] {
  return guard.getAuditLog().find(({ actionId }) => actionId === id)?.labels ?? [];
}
