import type { Argument } from '../../core/argument.ts';
import { IrreversibleError } from '../../core/errors.ts';
import type { ActionIntent } from '../../core/intent.ts';
import type { CallStatement, Settings } from './options.ts';
import type { GivenValues } from './sql/binding.ts';

/** Parameters that hold the values of placeholders. */
const VALUE_NAMES = Object.freeze(['params', 'values', 'bindings', 'args']);

/** The statement of a call and its values; `null` for a call that changes no rows. */
export interface Statement {
  readonly sql: string;
  readonly given: GivenValues;
}

/** Finds the statement that a call will run. Throws IrreversibleError where that cannot be told. */
export function statementOfCall(
  intent: ActionIntent,
  given: readonly Argument[],
  { statement }: Settings,
): Statement | null {
  if (statement !== null) return stated(statement(intent));
  const sql = given.filter(({ kind }) => kind === 'sql');
  const [only] = sql;
  if (only === undefined || sql.length > 1) {
    throw new IrreversibleError(
      `${only === undefined ? 'No parameter' : 'More than one parameter'} of this call is SQL. The option \`statement\` of the handler says which statement it runs.`,
    );
  }
  return { sql: only.text, given: valuesOf(intent.parameters) };
}

function stated(answer: CallStatement | null): Statement | null {
  if (answer === null) return null;
  if (typeof answer?.sql !== 'string') {
    throw new TypeError('The option `statement` of a rollback handler answers `{ sql, params? }` or null.');
  }
  return { sql: answer.sql, given: asValues(answer.params) };
}

function valuesOf(parameters: Readonly<Record<string, unknown>>): GivenValues {
  const found = VALUE_NAMES.filter((name) => Object.hasOwn(parameters, name))
    .map((name) => parameters[name])
    .filter((value) => value !== null && value !== undefined);
  // Of two lists nobody can say which one is bound: a statement without placeholders does not ask.
  return found.length === 1 ? asValues(found[0]) : null;
}

function asValues(value: unknown): GivenValues {
  if (Array.isArray(value)) return value;
  const prototype: unknown =
    typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined;
  const isRecord = prototype === Object.prototype || prototype === null;
  return isRecord ? (value as Readonly<Record<string, unknown>>) : null;
}
