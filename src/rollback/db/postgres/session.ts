import { RollbackFailedError } from '../../../core/errors.ts';
import type { Frame } from '../database.ts';
import type { Session } from '../handler.ts';
import { ask, driveLater, type Steps } from '../steps.ts';
import type { ConnectionPlace, Line } from './connection.ts';
import { Turn } from './turn.ts';

const PATIENCE_MS = 10_000;
/** How long one query may take, so that neither a lock nor a long search stops everything, in milliseconds. */
const QUERY_MS = 10_000;
const RESTORE_MS = 60_000;
const HELD = 'plyra_act';
const LOOK = 'plyra_look';

/** A transaction that a capture has begun. */
interface Held {
  readonly line: Line;
  readonly frame: Frame;
  readonly done: () => void;
}

/** Connections of a handler, with the transactions that it needs. */
export class PostgresSession implements Session {
  readonly #place: ConnectionPlace;
  readonly #turn: Turn | null;
  #held: Held | null = null;

  /** `patienceMs`: how long a single connection is waited for while another call uses it. */
  constructor(place: ConnectionPlace, patienceMs = PATIENCE_MS) {
    this.#place = place;
    this.#turn = place.isPool ? null : new Turn(patienceMs);
  }

  read<T>(work: (frame: Frame) => Steps<T>, limitMs = QUERY_MS): Promise<T> {
    return this.#with(async (line) => {
      const bounded = (frame: Frame) => (): Steps<T> => bound(work(frame), limitMs);
      if (await isOpen(line)) {
        // What is set for reading goes with the savepoint.
        return within(line, bounded('nested'), `SAVEPOINT ${LOOK}`, backTo(LOOK), backTo(LOOK));
      }
      const begin = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
      return within(line, bounded('none'), begin, 'COMMIT', 'ROLLBACK');
    });
  }

  write<T>(work: () => Steps<T>): Promise<T> {
    return this.#with(async (line) => {
      if (await isOpen(line)) {
        throw new RollbackFailedError(
          'The connection has an open transaction, whose end would decide about what is put back: commit or roll it back first.',
        );
      }
      const bounded = (): Steps<T> => bound(work(), RESTORE_MS);
      return within(line, bounded, 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE', 'COMMIT', 'ROLLBACK');
    });
  }

  async hold<T>(work: (frame: Frame) => Steps<T>): Promise<T> {
    const done = (await this.#turn?.take()) ?? (() => undefined);
    try {
      const line = await this.#place.open();
      const frame: Frame = (await isOpen(line)) ? 'nested' : 'own';
      const begin = frame === 'own' ? 'BEGIN' : `SAVEPOINT ${HELD}`;
      const result = await within(line, () => boundForNow(work(frame)), begin, null, undoing(frame));
      this.#held = { line, frame, done };
      return result;
    } catch (error) {
      done();
      throw error;
    }
  }

  async release<T>(work: (() => Steps<T>) | null): Promise<T | undefined> {
    const held = this.#held;
    if (held === null) throw new RollbackFailedError('The transaction of this act is not open any more.');
    this.#held = null;
    const { line, frame, done } = held;
    try {
      if (work === null) {
        await run(line, undoing(frame));
        return undefined;
      }
      const finish = frame === 'own' ? 'COMMIT' : `RELEASE SAVEPOINT ${HELD}`;
      return await within(line, work, null, finish, undoing(frame));
    } finally {
      done();
    }
  }

  async #with<T>(use: (line: Line) => Promise<T>): Promise<T> {
    const done = (await this.#turn?.take()) ?? (() => undefined);
    let line: Line | undefined;
    let broken = true;
    try {
      line = await this.#place.open();
      const result = await use(line);
      broken = false;
      return result;
    } finally {
      // A connection of the pool on which something went wrong may be in the middle of a transaction.
      line?.release(broken);
      done();
    }
  }
}

/** Runs work with a limit for each query, until the transaction or the savepoint ends. */
function* bound<T>(work: Steps<T>, limitMs: number): Steps<T> {
  yield* ask("SELECT pg_catalog.set_config('statement_timeout', $1, true)", [String(limitMs)]);
  return yield* work;
}

/** The same, and puts back the limit that was: the act runs in this transaction. */
function* boundForNow<T>(work: Steps<T>): Steps<T> {
  const [row] = yield* ask("SELECT pg_catalog.current_setting('statement_timeout') AS before");
  const result = yield* bound(work, QUERY_MS);
  yield* ask("SELECT pg_catalog.set_config('statement_timeout', $1, true)", [row?.before]);
  return result;
}

function undoing(frame: Frame): readonly string[] {
  return frame === 'own' ? ['ROLLBACK'] : backTo(HELD);
}

function backTo(savepoint: string): readonly string[] {
  return [`ROLLBACK TO SAVEPOINT ${savepoint}`, `RELEASE SAVEPOINT ${savepoint}`];
}

/** Runs work between a beginning and an end; undoes it where it throws. */
async function within<T>(
  line: Line,
  work: () => Steps<T>,
  begin: string | null,
  end: string | readonly string[] | null,
  undo: string | readonly string[],
): Promise<T> {
  if (begin !== null) await run(line, [begin]);
  try {
    const result = await driveLater(work(), ({ text, values }) => line.query(text, values));
    if (end !== null) await run(line, [end].flat());
    return result;
  } catch (error) {
    // The error that led here is the one to tell.
    await run(line, [undo].flat()).catch(() => undefined);
    throw error;
  }
}

async function run(line: Line, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await line.query(statement, []);
}

/** Whether a transaction is open. Where the driver does not say, a savepoint tells: it needs one. */
async function isOpen(line: Line): Promise<boolean> {
  const status = line.status();
  if (status === 'I') return false;
  if (status === 'T') return true;
  try {
    await run(line, [`SAVEPOINT ${LOOK}`, `RELEASE SAVEPOINT ${LOOK}`]);
    return true;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === '25P01') return false;
    throw error;
  }
}
