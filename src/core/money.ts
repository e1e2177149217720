/** Micro-USD in one USD. Money is compared, added and stored in whole micro-USD, where sums are exact. */
export const MICRO = 1_000_000;

/**
 * USD as whole micro-USD. What is finer is rounded up, so that no number of tiny costs is free.
 * Returns `undefined` for anything but a finite number of zero or more (NaN, Infinity, -1, '5'), and for amounts
 * over nine billion USD, which whole micro-USD cannot hold exactly.
 */
export function toMicroUsd(usd: unknown): number | undefined {
  if (typeof usd !== 'number' || !(usd >= 0)) return undefined;
  const scaled = usd * MICRO;
  if (!(scaled <= Number.MAX_SAFE_INTEGER)) return undefined;
  const nearest = Math.round(scaled);
  // 1.1 * 1e6 is 1100000.0000000002: noise of the multiplication, not a finer amount.
  const noise = scaled * 4 * Number.EPSILON;
  return Math.abs(scaled - nearest) <= noise ? nearest : Math.ceil(scaled);
}

/** Micro-USD as USD. */
export function toUsd(microUsd: number): number {
  return microUsd / MICRO;
}

/** `$1.50`, `$0.000125`: at least two decimals, at most six. For messages. */
export function usdText(usd: number): string {
  const text = usd.toFixed(6).replace(/0{1,4}$/, '');
  return `$${text}`;
}
