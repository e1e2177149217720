// Undoes a booking by an HTTP request, and a feature flag by a handler of one's own.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ActionGuard, Policy, type RollbackHandler } from 'plyra-guard';

/** A service that books rooms, as somebody else's server would. */
const rooms = new Set<string>();
const service = createServer(({ method, url = '' }, response) => {
  if (method === 'POST') rooms.add(url);
  else rooms.delete(url);
  response.writeHead(204).end();
}).listen(0, '127.0.0.1');
await once(service, 'listening');
const base = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;

const guard = new ActionGuard({
  policy: new Policy({ rules: [], defaultAction: 'allow' }),
  snapshotPath: null,
});

// #region compensate
const bookRoom = guard.protect('room.book', {
  compensate: (_intent, booking: { url: string }) => ({
    url: booking.url,
    method: 'DELETE',
    headers: { authorization: `Bearer ${process.env.ROOMS_TOKEN ?? 'none'}` },
  }),
})(async function bookRoom(room: string) {
  await fetch(`${base}/${room}`, { method: 'POST' });
  return { url: `${base}/${room}` };
});
// #endregion

// #region handler
const flags = new Map([['dark-mode', 'off']]);

const flagHandler: RollbackHandler = {
  name: 'flags',
  actionTypes: ['flag.*'],
  capture: ({ parameters }) => {
    const flag = String(parameters.flag);
    return { flag, value: flags.get(flag) ?? null };
  },
  state: ({ data }, when) => {
    const { flag, value } = data as { flag: string; value: string | null };
    const state = when === 'before' ? value : flags.get(flag);
    return state == null ? {} : { [flag]: state };
  },
  restore: ({ data }) => {
    const { flag, value } = data as { flag: string; value: string | null };
    if (value === null) flags.delete(flag);
    else flags.set(flag, value);
  },
};
guard.registerRollbackHandler('flag.set', flagHandler);
// #endregion

const setFlag = guard.protect('flag.set')(function setFlag({ flag, value }: { flag: string; value: string }) {
  flags.set(flag, value);
});

await bookRoom('blue');
setFlag({ flag: 'dark-mode', value: 'on' });
console.log('Done:', [...rooms], Object.fromEntries(flags));

console.log('Undone:', await guard.rollbackLast(2), [...rooms], Object.fromEntries(flags));
const [undoing] = guard.getAuditLog({ actionType: 'rollback', limit: 1 });
console.log('Journaled:', undoing?.intent, undoing?.result);

// #region conflict
setFlag({ flag: 'dark-mode', value: 'on' });
flags.set('dark-mode', 'by a colleague');
const [entry] = guard.getAuditLog({ actionType: 'flag.set', limit: 1 });
const id = entry?.actionId ?? '';
try {
  await guard.rollback(id);
} catch (error) {
  console.log((error as Error).message);
}
console.log((await guard.rollbackPlan(id))?.conflicts);
// [{ item: 'dark-mode', before: 'off', after: 'on', now: 'by a colleague' }]
console.log(await guard.rollback(id, { force: true }), flags.get('dark-mode')); // true off
// #endregion

await guard.close();
service.close();
