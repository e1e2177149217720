import { randomUUID } from 'node:crypto';

/** The 4,096 values of the twelve-bit sequence: so many ids of one millisecond sort in the order they were made. */
const SEQUENCE = Array.from({ length: 4096 }, (_, i) => i.toString(16).padStart(3, '0'));

let lastTime = 0;
let timeDigits = '';
let sequence = 0;

/**
 * A new UUIDv7 (RFC 9562 §5.7): 48 bits of time, a 12-bit sequence (§6.2, method 1) and the 62 random bits of a
 * version 4 one, which Node draws from a pool. Judging takes 2 µs, so an id may not take long either.
 */
export function newActionId(): string {
  const now = Math.max(Date.now(), lastTime);
  if (now !== lastTime) {
    lastTime = now;
    const digits = now.toString(16).padStart(12, '0');
    timeDigits = `${digits.slice(0, 8)}-${digits.slice(8)}-7`;
    sequence = 0;
  }
  const order = SEQUENCE[sequence];
  sequence = (sequence + 1) % SEQUENCE.length;
  return `${timeDigits}${order}${randomUUID().slice(18)}`;
}
