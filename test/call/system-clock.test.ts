import { expect, it } from 'vitest';
import { systemClock } from '../../src/call/system-clock.ts';

/** How many timers keep this process alive. */
const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

it('the process stays alive for a timer of the system clock, but not for one in the background', () => {
  const before = timers();
  const cancels = [systemClock.setTimer(60_000, () => undefined, true)];
  expect(timers()).toBe(before);
  cancels.push(systemClock.setTimer(60_000, () => undefined));
  expect(timers()).toBe(before + 1);
  for (const cancel of cancels) cancel();
  expect(timers()).toBe(before);
});
