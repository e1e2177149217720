import { expect, test } from 'vitest';
import { readShell } from '../../../src/policy/spellings/shell.ts';

/** A line, the canonical forms of its commands, and why it cannot be read. */
type Row = readonly [line: string, forms: readonly string[], unreadable?: string];

/** One test for each row. */
export function readsAs(rows: readonly Row[]): void {
  for (const [line, forms, unreadable = null] of rows) {
    test(line, () => {
      const reading = readShell(line);
      expect(reading.commands.map(({ form }) => form)).toEqual(forms);
      expect(reading.unreadable).toBe(unreadable);
    });
  }
}
