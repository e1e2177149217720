const FACTORS: Readonly<Record<string, number>> = Object.freeze({
  B: 1,
  KB: 2 ** 10,
  MB: 2 ** 20,
  GB: 2 ** 30,
  TB: 2 ** 40,
});

/** What a size looks like: `1GB`, `500 MB`, `1.5GB`. Units are powers of 1024. */
export const SIZE = /^\d{1,9}(?:\.\d{1,6})? ?(?:B|KB|MB|GB|TB)$/;

/** Bytes of a size as written; `undefined` for anything else. */
export function parseSize(text: string): number | undefined {
  if (!SIZE.test(text)) return undefined;
  const unit = text.replace(/[\d. ]/g, '');
  return Math.floor(Number.parseFloat(text) * (FACTORS[unit] ?? Number.NaN));
}
