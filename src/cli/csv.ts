import { printable } from '../explain/printable.ts';

/**
 * What a spreadsheet takes for a formula where a cell begins with it, full-width forms included; white space and
 * characters without width before it do not help, because some programs drop them.
 */
const FORMULA = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r\n]/u;

/** One row by RFC 4180, with its line end CR LF. Every cell is quoted, so that none is read as two. */
export function csvRow(values: readonly unknown[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

/**
 * A value as a quoted cell: nothing for `null`, JSON for lists and objects, else its text. Text that a spreadsheet
 * would calculate has a single quote before it; what would act on a terminal is escaped, line ends too.
 */
function csvCell(value: unknown): string {
  const text = cellText(value);
  const harmless = typeof value !== 'number' && FORMULA.test(text) ? `'${text}` : text;
  return `"${printable(harmless).replaceAll('"', '""')}"`;
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
