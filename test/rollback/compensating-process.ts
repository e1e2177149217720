/** `node compensating-process.ts <journal> <url>`: does something that a request to the URL undoes, and undoes it at once. */
import { ActionGuard } from '../../src/guard.ts';
import { Policy } from '../../src/policy/policy.ts';

const [, , snapshotPath = '', url = ''] = process.argv;
const guard = new ActionGuard({ policy: new Policy({ rules: [], defaultAction: 'allow' }), snapshotPath });
const book = guard.protect('room.book', { compensate: () => ({ url, method: 'DELETE' }) })(() => 'booked');
book();
await guard.rollbackLast(1);
await guard.close();
