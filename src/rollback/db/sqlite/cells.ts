import type { Cell } from '../table.ts';

/** How SQLite keeps text. */
export type Encoding = 'UTF-8' | 'UTF-16le' | 'UTF-16be';

/**
 * The expression that reads a value exactly, whatever the driver makes of large integers and odd texts: an integer as
 * `i42`, a text as `t` with its bytes in hex, a blob as `b` with its bytes in hex, a real number as it is.
 */
export function readingOf(column: string): string {
  return (
    `CASE typeof(${column}) WHEN 'integer' THEN 'i' || CAST(${column} AS TEXT) WHEN 'real' THEN ${column} ` +
    `WHEN 'text' THEN 't' || hex(CAST(${column} AS BLOB)) WHEN 'blob' THEN 'b' || hex(${column}) END`
  );
}

/**
 * The cell of a value that was read so: an SQL literal that has just this value. Text that holds a NUL or is no text
 * at all is given by its bytes.
 */
export function cellOf(value: unknown, encoding: Encoding): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return realText(value);
  if (typeof value === 'string') {
    const rest = value.slice(1);
    if (value.startsWith('i') && /^-?\d+$/.test(rest)) return rest;
    if (value.startsWith('b')) return `x'${rest}'`;
    if (value.startsWith('t')) return textCell(rest, encoding);
  }
  throw new Error(`SQLite answered with a ${typeof value} that is no value of a row`);
}

/** `1.0`, `-0.0`, `1e+300`, `9e999`: always told from an integer. */
function realText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '9e999' : '-9e999';
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function textCell(hex: string, encoding: Encoding): string {
  const bytes = Buffer.from(hex, 'hex');
  const text = decoded(bytes, encoding);
  return text === null || text.includes('\0') ? `CAST(x'${hex}' AS TEXT)` : `'${text.replaceAll("'", "''")}'`;
}

function decoded(bytes: Uint8Array, encoding: Encoding): string | null {
  try {
    return new TextDecoder(encoding.toLowerCase(), { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** A cell as a value to bind, and the expression that stands for it. */
export interface BoundCell {
  readonly expression: string;
  readonly value: unknown;
}

/** The value that a cell is the literal of. Throws for a text that is no cell. */
export function boundCell(cell: Cell): BoundCell {
  if (cell === null) return { expression: '?', value: null };
  if (/^-?\d+$/.test(cell)) return { expression: '?', value: BigInt(cell) };
  const last = cell.length - 1;
  if (cell.startsWith("'") && cell.endsWith("'") && last > 0) {
    return { expression: '?', value: cell.slice(1, last).replaceAll("''", "'") };
  }
  if (cell.startsWith("x'")) return { expression: '?', value: Buffer.from(cell.slice(2, last), 'hex') };
  const raw = /^CAST\(x'([0-9A-F]*)' AS TEXT\)$/.exec(cell)?.[1];
  if (raw !== undefined) return { expression: 'CAST(? AS TEXT)', value: Buffer.from(raw, 'hex') };
  const real = Number(cell);
  if (Number.isNaN(real) || cell.trim() === '')
    throw new Error('the snapshot holds what is no value of SQLite');
  return { expression: 'CAST(? AS REAL)', value: real };
}
