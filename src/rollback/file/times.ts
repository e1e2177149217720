/**
 * Seconds that a system call stores as the microsecond of this time: what Node can hand over is no finer. The half keeps
 * rounding from reaching the microsecond before.
 */
export function secondsOf(nanoseconds: string): number {
  return (Number(microseconds(BigInt(nanoseconds))) + 0.5) / 1e6;
}

/** Whether two times are the same as far as a restore can tell. */
export function isSameTime(one: string, other: string | bigint): boolean {
  return microseconds(BigInt(one)) === microseconds(BigInt(other));
}

function microseconds(nanoseconds: bigint): bigint {
  return nanoseconds / 1_000n;
}
