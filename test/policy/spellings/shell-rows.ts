import { expect, test } from 'vitest';
import { readShell } from '../../../src/policy/spellings/shell.ts';

/** A line, the canonical forms of its commands, and why it cannot be read. */
type Row = readonly [line: string, forms: readonly string[], unreadable?: string];

/** A line and forms that some command of it has beside the canonical one. */
type GuessRow = readonly [line: string, ...forms: readonly string[]];

/** One test for each row: the line is read, and the forms are among those that may only forbid. */
export function mayBe(rows: readonly GuessRow[]): void {
  for (const [line, ...forms] of rows) {
    test(line, () => {
      const { commands } = readShell(line);
      expect(commands.flatMap(({ other }) => other)).toEqual(expect.arrayContaining([...forms]));
      expect(commands.map(({ form }) => form)).not.toEqual(expect.arrayContaining([...forms]));
    });
  }
}

/** One test for each row: the line cannot be read, and why not. */
export function isUnreadable(rows: readonly (readonly [line: string, why: string])[]): void {
  for (const [line, why] of rows) {
    test(line, () => {
      expect(readShell(line).unreadable).toContain(why);
    });
  }
}

/** One test for each line: all of it is read. */
export function isReadable(lines: readonly string[]): void {
  for (const line of lines) {
    test(line, () => {
      expect(readShell(line).unreadable).toBeNull();
    });
  }
}

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
