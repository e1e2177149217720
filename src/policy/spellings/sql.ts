import { FIRST_DIALECT, OTHER_DIALECTS } from './sql/dialects.ts';
import { type DialectReading, readAs } from './sql/reading.ts';
import type { SqlStatement } from './sql/statement.ts';

export type { SqlStatement } from './sql/statement.ts';

/** An SQL text, read as PostgreSQL, MySQL, SQLite and SQL Server would. */
export interface SqlReading {
  /** All statements that could be read, also of an unreadable text, and of SQL in strings that are run. */
  readonly statements: readonly SqlStatement[];
  /** Why it cannot be told what the text does, in words; or `null`. */
  readonly unreadable: string | null;
}

/** Longer texts are dumps, which nobody judges by rules. */
const MAX_LENGTH = 65_536;

/**
 * The statements of an SQL text. Where the dialects find different ends of strings, comments or names, the statements
 * of all readings are given, and unless they do the same to the same tables, or only select, the text is unreadable.
 * A reading that its database would refuse does not count, but for the statements before the mistake. Never throws.
 */
export function readSql(text: string): SqlReading {
  if (text.length > MAX_LENGTH) return { statements: [], unreadable: 'it is longer than 64 KB' };
  if (text.includes('\0')) return { statements: [], unreadable: 'it holds a NUL' };
  const first = readAs(text, FIRST_DIALECT);
  if (!first.ambiguous && !first.executable) {
    return { statements: first.statements, unreadable: first.opaque ?? first.failure };
  }
  return combined([first, ...OTHER_DIALECTS.map((dialect) => readAs(text, dialect))], first);
}

function combined(readings: readonly DialectReading[], first: DialectReading): SqlReading {
  const accepted = readings.filter(({ failure }) => failure === null);
  if (accepted.length === 0) return { statements: distinct(readings), unreadable: first.failure };
  // What a comment hides from all but MySQL is no doubt: both readings are judged, MySQL's first.
  const ordered = first.executable
    ? accepted.toSorted((a, b) => Number(b.dialect.executableComments) - Number(a.dialect.executableComments))
    : accepted;
  const statements = distinct(ordered);
  const texts = new Set(statements.map(({ text }) => text));
  const ranBefore = readings.flatMap((one) =>
    one.failure === null ? [] : one.statements.slice(0, one.before),
  );
  const agreed =
    first.executable || sameEffect(accepted) || statements.every(({ kinds }) => kinds.join() === 'select');
  const opaque = accepted.find((one) => one.opaque !== null)?.opaque ?? null;
  const doubt =
    agreed && ranBefore.every((one) => texts.has(one.text)) ? null : 'databases read it in different ways';
  return { statements, unreadable: opaque ?? doubt };
}

function distinct(readings: readonly DialectReading[]): readonly SqlStatement[] {
  const [first, ...more] = readings;
  const found = [...(first?.statements ?? [])];
  const texts = new Set(found.map(({ text }) => text));
  for (const statement of more.flatMap(({ statements }) => statements)) {
    if (!texts.has(statement.text)) found.push(statement);
    texts.add(statement.text);
  }
  return found;
}

/** Whether all readings do the same to the same tables, and differ in their texts only. */
function sameEffect(readings: readonly DialectReading[]): boolean {
  const effects = readings.map(({ statements }) =>
    JSON.stringify(statements.map(({ kinds, tables, hasWhere }) => [kinds, tables, hasWhere])),
  );
  return new Set(effects).size === 1;
}
