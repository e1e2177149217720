import { canonicalJson } from '../core/canonical.ts';
import { printableStart } from './printable.ts';

/** Longest value shown, in characters. */
const MOST = 120;

/** A value on one line, cut at 120 characters: JSON, `missing` for `undefined`. Never throws. */
export function valueText(value: unknown): string {
  if (value === undefined) return 'missing';
  // A long text is cut before it is quoted: nobody reads megabytes.
  if (typeof value === 'string' && value.length > 4 * MOST)
    return printableStart(JSON.stringify(value.slice(0, 4 * MOST)), MOST);
  try {
    return printableStart(canonicalJson(value), MOST);
  } catch {
    return '(cannot be shown)';
  }
}

/** `riskScore` as words: `risk score`. */
export function wordsOfKey(key: string): string {
  return key.replace(
    /([a-z0-9])([A-Z])/g,
    (_all, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );
}

/** Rows of cells as lines: columns padded to their widest cell, two blanks between, indented by two. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd());
}
