import type { SqlParser } from '../../core/sql-parser.ts';
import { OTHER_DIALECTS, POSTGRES } from './sql/dialects.ts';
import { readAsPostgres } from './sql/postgres.ts';
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
 *
 * With a parser of PostgreSQL, what it accepts is readable, but for what it accepts and nobody can read. Its statements
 * are added to those of the dialects, and stand for those of the same text; none is left out.
 */
export function readSql(text: string, parse: SqlParser | null = null): SqlReading {
  if (text.length > MAX_LENGTH) return { statements: [], unreadable: 'it is longer than 64 KB' };
  if (text.includes('\0')) return { statements: [], unreadable: 'it holds a NUL' };
  const { statements, unreadable, refused, opaque } = readAsDialects(text);
  const parsed = parse === null ? null : readAsPostgres(text, parse);
  if (parsed === null) return { statements, unreadable };
  return {
    statements: distinct([...parsed.statements, ...statements, ...refused]),
    unreadable: parsed.opaque ?? opaque,
  };
}

/** What the tokenizer says of a text. */
interface DialectsReading {
  readonly statements: readonly SqlStatement[];
  readonly unreadable: string | null;
  /** What a database may have run before the mistake for which it refuses the text. */
  readonly refused: readonly SqlStatement[];
  /** Why in one of the dialects nobody can tell what the text does, be there a parser or not; or `null`. */
  readonly opaque: string | null;
}

function readAsDialects(text: string): DialectsReading {
  const first = readAs(text, POSTGRES);
  if (!first.ambiguous && !first.executable) {
    const { statements, opaque, failure } = first;
    return { statements, unreadable: opaque ?? failure, refused: [], opaque };
  }
  return combined([first, ...OTHER_DIALECTS.map((dialect) => readAs(text, dialect))], first);
}

function combined(readings: readonly DialectReading[], first: DialectReading): DialectsReading {
  const accepted = readings.filter(({ failure }) => failure === null);
  const opaque = opaqueOf(readings);
  if (accepted.length === 0) {
    return { statements: statementsOf(readings), unreadable: first.failure, refused: [], opaque };
  }
  // What a comment hides from all but MySQL is no doubt: both readings are judged, MySQL's first.
  const ordered = first.executable
    ? accepted.toSorted((a, b) => Number(b.dialect.executableComments) - Number(a.dialect.executableComments))
    : accepted;
  const statements = statementsOf(ordered);
  const texts = new Set(statements.map(({ text }) => text));
  const ranBefore = readings.flatMap((one) =>
    one.failure === null ? [] : one.statements.slice(0, one.before),
  );
  const agreed =
    first.executable || sameEffect(accepted) || statements.every(({ kinds }) => kinds.join() === 'select');
  const doubt =
    agreed && ranBefore.every((one) => texts.has(one.text)) ? null : 'databases read it in different ways';
  return { statements, unreadable: opaqueOf(accepted) ?? doubt, refused: ranBefore, opaque };
}

function opaqueOf(readings: readonly DialectReading[]): string | null {
  return readings.find(({ opaque }) => opaque !== null)?.opaque ?? null;
}

function statementsOf([first, ...more]: readonly DialectReading[]): readonly SqlStatement[] {
  const found = first?.statements ?? [];
  const rest = more.flatMap(({ statements }) => statements);
  return [...found, ...distinct(rest, new Set(found.map(({ text }) => text)))];
}

/** The first statement of each text that is not known yet. */
function distinct(
  statements: readonly SqlStatement[],
  known: ReadonlySet<string> = new Set(),
): readonly SqlStatement[] {
  const texts = new Set(known);
  return statements.filter(({ text }) => !texts.has(text) && texts.add(text));
}

/** Whether all readings do the same to the same tables, and differ in their texts only. */
function sameEffect(readings: readonly DialectReading[]): boolean {
  const effects = readings.map(({ statements }) =>
    JSON.stringify(statements.map(({ kinds, tables, hasWhere }) => [kinds, tables, hasWhere])),
  );
  return new Set(effects).size === 1;
}
