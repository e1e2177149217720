/** One question to the database. Values are always bound. */
export interface Query {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A row by the names of the query's columns. */
export type ResultRow = Readonly<Record<string, unknown>>;

/**
 * Work on a database, written once for drivers that answer at once and for those that answer later: it yields queries and
 * is given their rows, or the error that the database answered with.
 */
export type Steps<T> = Generator<Query, T, readonly ResultRow[]>;

/** Asks one query. */
export function* ask(text: string, values: readonly unknown[] = []): Steps<readonly ResultRow[]> {
  return yield { text, values };
}

/** Drives work on a database that answers at once. */
export function driveNow<T>(steps: Steps<T>, execute: (query: Query) => readonly ResultRow[]): T {
  let step = steps.next();
  while (!step.done) {
    let rows: readonly ResultRow[];
    try {
      rows = execute(step.value);
    } catch (error) {
      step = steps.throw(error);
      continue;
    }
    step = steps.next(rows);
  }
  return step.value;
}

/** Drives work on a database that answers later. */
export async function driveLater<T>(
  steps: Steps<T>,
  execute: (query: Query) => Promise<readonly ResultRow[]>,
): Promise<T> {
  let step = steps.next();
  while (!step.done) {
    let rows: readonly ResultRow[];
    try {
      rows = await execute(step.value);
    } catch (error) {
      step = steps.throw(error);
      continue;
    }
    step = steps.next(rows);
  }
  return step.value;
}
