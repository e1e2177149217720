/**
 * A process whose one call is refused for now, with a webhook at `argv[2]`. With `close` it closes its guard. At its
 * end it prints how many messages were delivered, and how many failed.
 */
import { systemClock } from '../../src/call/system-clock.ts';
import type { Clock } from '../../src/core/clock.ts';
import { ActionGuard, Policy } from '../../src/index.ts';
import { SECRET } from './verify.ts';

const [url = '', end] = process.argv.slice(2);

/** Timers in the background never fire: nothing but what keeps the process alive can end the attempt. */
const clock: Clock = {
  ...systemClock,
  setTimer: (ms, fn, isBackground) => (isBackground ? () => undefined : systemClock.setTimer(ms, fn)),
};
const guard = new ActionGuard({
  clock,
  snapshotPath: null,
  policy: new Policy({ rules: [{ pattern: 'pay ', action: 'escalate' }] }),
  approvals: { webhook: { url, secret: SECRET, allowPrivate: true } },
});
process.on('exit', () => {
  const { webhooksDelivered, webhooksFailed } = guard.getMetrics();
  console.log(webhooksDelivered, webhooksFailed);
});
try {
  guard.wrap((text: string) => text)('pay rent');
} catch {
  // It waits for a person.
}
if (end === 'close') await guard.close();
