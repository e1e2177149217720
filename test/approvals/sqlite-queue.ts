import { hostname } from 'node:os';
import { machineTime } from '../../src/approvals/machine-clock.ts';
import { ApprovalQueue } from '../../src/approvals/queue.ts';
import { newActionId } from '../../src/call/action-id.ts';
import { systemClock } from '../../src/call/system-clock.ts';
import { SqliteStore } from '../../src/stores/sqlite.ts';
import { draftOf } from '../../src/testing/store/records.ts';

/** A store of this process on a database, and a queue on it. Time is the machine's. */
export function openQueue(path: string): { store: SqliteStore; queue: ApprovalQueue; writerId: string } {
  const writer = { id: newActionId(), host: hostname(), pid: process.pid };
  const store = new SqliteStore({
    path,
    writer,
    clock: systemClock,
    durability: 'process',
    retentionDays: null,
    warn: () => {},
  });
  const queue = new ApprovalQueue({
    store: store.approvals,
    clock: systemClock,
    writerId: writer.id,
    newId: newActionId,
    draft: (actionId, body) => ({ ...draftOf('approval', actionId, {}), writer, body }),
    redact: (text) => text,
    settings: () => ({ quorum: 1, approvers: [] }),
    machine: machineTime,
  });
  return { store, queue, writerId: writer.id };
}
