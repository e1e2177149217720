import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/call/system-clock.ts';
import { SqliteStore } from '../../src/stores/sqlite.ts';
import { askOf, relying } from '../../src/testing/store/approvals.ts';
import { draftOf } from '../../src/testing/store/records.ts';

/**
 * A process that enters so many requests, one after the other, and waits for all of them, until it is killed. Each
 * request that it begins to enter, that is entered, and whose call has run is a line on standard output.
 */
const [, , path = '', name = '', count = ''] = process.argv;

const POLL_MS = 20;
const writer = { id: name, host: hostname(), pid: process.pid };
const store = new SqliteStore({
  path,
  writer,
  clock: systemClock,
  durability: 'process',
  retentionDays: null,
});
const say = (what: string, id: string): boolean => process.stdout.write(`${what} ${id}\n`);
const open = new Set<string>();
let version = -1;

/** Runs the calls that were approved since. */
function look(): void {
  if (version === store.approvals.version()) return;
  version = store.approvals.version();
  for (const id of open) {
    if (store.approvals.get(id)?.state !== 'approved') continue;
    store.append([{ ...relying(`action-${id}`, { approvalId: id }), writer }]);
    open.delete(id);
    say('ran', id);
  }
}

for (let i = 0; i < Number(count); i++) {
  const id = `${name}-${i}`;
  say('begins', id);
  store.approvals.enter(askOf(id, { waiter: name }), { ...draftOf('waiting', `action-${id}`, {}), writer });
  open.add(id);
  say('entered', id);
  look();
  await sleep(1);
}
for (;;) {
  look();
  await sleep(POLL_MS);
}
