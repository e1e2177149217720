import type { Argument } from '../../core/argument.ts';
import type { Awaitable } from '../../core/awaitable.ts';
import { ActNotKeptError, IrreversibleError } from '../../core/errors.ts';
import type { ActionIntent } from '../../core/intent.ts';
import type { ItemStates, Snapshot } from '../../core/snapshot.ts';
import type { ActOutcome, AfterContext, RestoreContext, RollbackHandler } from '../handler.ts';
import { afterSteps, type Noted } from './after.ts';
import { captureSteps, type Writing, writingOf } from './capture.ts';
import { type CapturedData, capturedData, rowsOfData, tablesAsCaptured, tablesOfData } from './data.ts';
import type { Database, Frame } from './database.ts';
import type { Settings } from './options.ts';
import { restoreSteps } from './restore.ts';
import { statesBefore, statesOf } from './state.ts';
import { statementOfCall } from './statement-of-call.ts';
import type { Steps } from './steps.ts';

/** A connection with the transactions that a handler needs; all of it at once, or all of it later. */
export interface Session {
  /**
   * Runs work that reads, of which every part sees the database at one time. `limitMs`: for each query, where the database
   * can be told.
   */
  read<T>(work: (frame: Frame) => Steps<T>, limitMs?: number): Awaitable<T>;
  /** Runs work that writes: all of it or nothing. */
  write<T>(work: () => Steps<T>): Awaitable<T>;
  /** Begins the transaction that an act will run in. It stays open unless the work throws. */
  hold<T>(work: (frame: Frame) => Steps<T>): Awaitable<T>;
  /** Runs work at the end of the act and commits; without work nothing is committed. */
  release<T>(work: (() => Steps<T>) | null): Awaitable<T | undefined>;
}

/** How long one query of the look before the decision may take, in milliseconds. */
const LOOK_MS = 500;
/** Contents that are only looked at, and kept by nobody. */
const NOWHERE = Object.freeze({ keep: () => ({ hash: '', bytes: 0 }) });

/** Undoes statements on rows of one database. */
export class DbRollbackHandler implements RollbackHandler {
  readonly name: string;
  readonly actionTypes: readonly string[];
  readonly #db: Database;
  readonly #session: Session;
  readonly #settings: Settings;
  /** What acts left, for whoever asks right after them. */
  readonly #left = new WeakMap<object, ItemStates>();

  constructor(db: Database, session: Session, settings: Settings) {
    this.#db = db;
    this.#session = session;
    this.#settings = settings;
    this.name = settings.name;
    this.actionTypes = settings.actionTypes;
  }

  irreversible(
    intent: ActionIntent,
    { arguments: given }: { readonly arguments: readonly Argument[] },
  ): Awaitable<string | null> {
    return settled(
      () => {
        const change = this.#writing(intent, given);
        if (change === null) return null;
        const frame = this.#settings.transaction ? 'own' : 'none';
        return this.#session.read((open) => this.#looking(change, open === 'none' ? frame : open), LOOK_MS);
      },
      (answer) => answer,
      // What cannot be looked at in time, or at all, cannot be said to be reversible either.
      (error) => (error instanceof Error ? error.message : String(error)),
    );
  }

  capture(
    intent: ActionIntent,
    { arguments: given, blobs }: Parameters<RollbackHandler['capture']>[1],
  ): Awaitable<CapturedData | null> {
    const change = this.#writing(intent, given);
    if (change === null) return null;
    const work = (frame: Frame): Steps<CapturedData> =>
      captureSteps(this.#db, change, this.#settings, frame, { blobs, lock: frame !== 'none' });
    return this.#settings.transaction ? this.#session.hold(work) : this.#session.read(() => work('none'));
  }

  /** Ends the transaction that capturing has begun. */
  abandon(data: unknown): Awaitable<unknown> {
    if (data === null || data === undefined || !this.#settings.transaction) return undefined;
    return this.#session.release(null);
  }

  after(snapshot: Snapshot, outcome: ActOutcome, context: AfterContext): Awaitable<CapturedData> {
    const data = capturedData(snapshot.data, this.#db.name);
    const work = (): Steps<Noted | IrreversibleError> => this.#noting(data, outcome, context);
    const note = (noted: Noted | IrreversibleError): CapturedData => this.#note(noted, data);
    if (!this.#settings.transaction) return settled(() => this.#session.read(work), note);
    if (outcome.succeeded)
      return settled(
        () => this.#session.release(work),
        (noted) => note(noted as Noted),
        notKept,
      );
    return settled(
      () => this.#session.release(null),
      () => note(this.#undone(data, context)),
    );
  }

  state(
    { data: given }: Pick<Snapshot, 'data'>,
    when: 'before' | 'after' | 'now',
    { blobs }: RestoreContext,
  ): Awaitable<ItemStates> {
    const data = capturedData(given, this.#db.name);
    if (when === 'before') return statesBefore(this.#db, rowsOfData(data, tablesAsCaptured(data), blobs));
    const left = when === 'after' ? this.#left.get(data) : undefined;
    if (left !== undefined) return left;
    const { maxRows } = this.#settings;
    return this.#session.read(() => this.#reading(data, blobs, maxRows));
  }

  restore(snapshot: Snapshot, { blobs, ...context }: RestoreContext): Awaitable<void> {
    const data = capturedData(snapshot.data, this.#db.name);
    if (data.pending?.awaited) {
      throw new IrreversibleError(
        'What this INSERT added was never noted: the process ended before, or it could not be told.',
      );
    }
    const after = context.now ?? snapshot.after;
    const { maxRows } = this.#settings;
    return this.#session.write(() => this.#restoring(data, blobs, after, maxRows));
  }

  #writing(intent: ActionIntent, given: readonly Argument[]): Writing | null {
    const statement = statementOfCall(intent, given, this.#settings);
    return statement === null ? null : writingOf(this.#db, statement);
  }

  *#looking(change: Writing, frame: Frame): Steps<null> {
    yield* captureSteps(this.#db, change, this.#settings, frame, { blobs: NOWHERE, lock: false });
    return null;
  }

  /** What cannot be undone is committed all the same: the tool has been told that it worked. */
  *#noting(data: CapturedData, outcome: ActOutcome, context: AfterContext): Steps<Noted | IrreversibleError> {
    try {
      return yield* afterSteps(this.#db, data, outcome, this.#settings, context);
    } catch (error) {
      if (error instanceof IrreversibleError) return error;
      throw error;
    }
  }

  #note(noted: Noted | IrreversibleError, data: CapturedData): CapturedData {
    if (noted instanceof IrreversibleError) throw noted;
    this.#left.set(noted.data, noted.after);
    return noted.data === data ? data : noted.data;
  }

  /** The transaction of a tool that threw was given up: all is as it was. */
  #undone(data: CapturedData, { blobs }: AfterContext): Noted {
    const after = statesBefore(this.#db, rowsOfData(data, tablesAsCaptured(data), blobs));
    return { data: { ...data, pending: null }, after };
  }

  *#reading(data: CapturedData, blobs: RestoreContext['blobs'], limit: number): Steps<ItemStates> {
    const rows = rowsOfData(data, yield* tablesOfData(this.#db, data), blobs);
    const token = yield* this.#db.settle();
    const states = yield* statesOf(this.#db, rows, limit);
    yield* this.#db.unsettle(token);
    return states;
  }

  *#restoring(
    data: CapturedData,
    blobs: RestoreContext['blobs'],
    after: ItemStates | null,
    limit: number,
  ): Steps<void> {
    yield* this.#db.settle();
    yield* this.#db.deferConstraints();
    const rows = rowsOfData(data, yield* tablesOfData(this.#db, data), blobs);
    yield* restoreSteps(this.#db, rows, { after }, limit);
  }
}

/** Goes on with an answer now or later, whichever it is. */
function settled<T, R>(
  begin: () => Awaitable<T>,
  then: (value: T) => R,
  fail: (error: unknown) => R = rethrow,
): Awaitable<R> {
  let value: Awaitable<T>;
  try {
    value = begin();
  } catch (error) {
    return fail(error);
  }
  return value instanceof Promise ? value.then(then, fail) : then(value);
}

function notKept(error: unknown): never {
  const told = error instanceof Error ? error.message : String(error);
  throw new ActNotKeptError(
    `The tool ran, but its transaction could not be committed, and nothing of what it did is left: ${told}`,
    {},
    { cause: error },
  );
}

function rethrow(error: unknown): never {
  throw error;
}
