import type { Cell, Cells } from '../table.ts';

/**
 * The values of the key columns in what a tool returned: the driver's answer, its rows, or the one row. `null` where one
 * of them is missing or no plain value.
 */
export function keysOfResult(result: unknown, key: readonly string[]): readonly Cells[] | null {
  const rows = rowsOf(result);
  if (rows === null) return null;
  const keys = rows.map((row) => key.map((name) => cellOf(row, name)));
  return keys.some((cells) => cells.includes(null)) ? null : keys;
}

function rowsOf(result: unknown): readonly unknown[] | null {
  if (Array.isArray(result)) return result;
  if (typeof result !== 'object' || result === null) return null;
  const { rows } = result as { readonly rows?: unknown };
  return Array.isArray(rows) ? rows : [result];
}

function cellOf(row: unknown, name: string): Cell {
  if (typeof row !== 'object' || row === null || !Object.hasOwn(row, name)) return null;
  const value = (row as Readonly<Record<string, unknown>>)[name];
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return String(value);
  return null;
}
