import type { Consumption } from '../core/approval.ts';
import { type Awaitable, isThenable } from '../core/awaitable.ts';
import type { RecordDraft } from '../core/chain.ts';
import type { Clock } from '../core/clock.ts';
import type { Freeze } from '../core/freeze.ts';
import type { JournalRecord, RecordKind, WriterId } from '../core/record.ts';
import type { AppendOptions, Store } from '../stores/store.ts';

/** How long the store may take for what is owed, in milliseconds; then writing it may be tried again. */
const ATTEMPT_MS = 5_000;

/** What the journal is built on. */
export interface JournalOptions {
  readonly store: Store;
  readonly writer: WriterId;
  readonly clock: Clock;
  /** The policy revision in force now. Never throws. */
  readonly revision: () => string;
  /** Has the store keep the policy in force, before a record names it. Throws when it cannot. */
  readonly keepPolicy: () => void;
}

/** How a decision is appended. */
export interface DecisionOptions extends AppendOptions {
  /** The policy revision that judged; default: the one in force now. */
  readonly revision?: string | undefined;
  /** What the decision uses up: the store then writes it only if that is still there. */
  readonly consumes?: Consumption | undefined;
}

/** Stands in for an error where a store throws `undefined`. */
const NOT_WRITTEN = new Error('The record was not written.');

/** Most records that are kept for later while calls go on without a journal; further ones are lost, and counted. */
const MAX_OWED = 10_000;

/**
 * One writer's end of the journal. An outcome that could not be written is kept and written before anything else:
 * until then {@link Journal.catchUp} fails, and with it every new call.
 */
export class Journal {
  readonly #options: JournalOptions;
  #unwritten: RecordDraft[] = [];
  #catchingUp: Promise<void> | undefined;
  /** How many outcomes are being written behind their calls. */
  #behind = 0;
  #whenSettled: (() => void)[] = [];
  #failures = 0;

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  /** How often a record could not be written at first. */
  get failures(): number {
    return this.#failures;
  }

  /** True while an outcome is still to be written; nothing may run until {@link Journal.catchUp} has succeeded. */
  get owes(): boolean {
    return this.#unwritten.length > 0;
  }

  /** A record for the store to write together with something else. */
  draft(kind: RecordKind, actionId: string, body: () => JournalRecord['body']): RecordDraft {
    this.#options.keepPolicy();
    return this.#draft(kind, actionId, body);
  }

  /** Appends one record; throws or rejects when the store cannot take it. */
  append(
    kind: RecordKind,
    actionId: string,
    body: () => JournalRecord['body'],
    options: DecisionOptions = {},
  ): Awaitable<void> {
    this.#options.keepPolicy();
    const { revision, consumes, gather } = options;
    const draft = this.#draft(kind, actionId, body, revision);
    return this.#options.store.append([consumes === undefined ? draft : { ...draft, consumes }], { gather });
  }

  /**
   * Appends the record of an outcome, for which its call does not wait: the store may write it together with the next
   * one. What cannot be written is owed. `told` is called once the record is written or owed, at once or later.
   */
  appendBehind(
    kind: RecordKind,
    actionId: string,
    body: () => JournalRecord['body'],
    { revision, told }: { readonly revision: string; readonly told: () => void },
  ): void {
    const { store } = this.#options;
    const draft = this.#draft(kind, actionId, body, revision);
    this.#behind++;
    const end = (error?: unknown): void => {
      this.#behind--;
      if (error !== undefined) this.#owe(draft);
      told();
      if (this.#behind > 0) return;
      for (const resolve of this.#whenSettled) resolve();
      this.#whenSettled = [];
    };
    try {
      if (store.appendBehind !== undefined) store.appendBehind([draft], end);
      else this.#appendGathered(draft, end);
    } catch (error) {
      end(error ?? NOT_WRITTEN);
    }
  }

  #appendGathered(draft: RecordDraft, end: (error?: unknown) => void): void {
    const appended = this.#options.store.append([draft], { gather: true });
    if (!isThenable(appended)) {
      end();
      return;
    }
    const settling = Promise.resolve(appended);
    this.#withDeadline(settling).then(
      () => end(),
      (error) => end(error ?? NOT_WRITTEN),
    );
    // An answer that comes after all: what was owed meanwhile is written.
    settling.then(
      () => this.#paid([draft]),
      () => undefined,
    );
  }

  /** Resolves once nothing is being written behind a call any more. */
  async settled(): Promise<void> {
    while (this.#behind > 0) await new Promise<void>((resolve) => this.#whenSettled.push(resolve));
  }

  /** Freezes every guard on the store, or lifts the freeze, and records that. */
  setFrozen(freeze: Freeze | null, actionId: string, body: () => JournalRecord['body']): Awaitable<void> {
    return this.#options.store.setFrozen(freeze, this.#draft('policy', actionId, body));
  }

  /** Writes the outcomes that are still owed. Throws or rejects while the store does not take them. */
  catchUp(): Awaitable<void> {
    // Calls at the same time must not write the same records twice.
    if (this.#catchingUp !== undefined) return this.#catchingUp;
    if (this.#unwritten.length === 0) return undefined;
    const owed = [...this.#unwritten];
    const done = (): void => this.#paid(owed);
    const appended = this.#options.store.append(owed);
    if (!isThenable(appended)) return done();
    const attempt = this.#withDeadline(appended.then(done)).finally(() => {
      this.#catchingUp = undefined;
    });
    this.#catchingUp = attempt;
    return attempt;
  }

  /** Keeps the record of a call that ran without a journal; {@link Journal.catchUp} tries again. */
  owe(kind: RecordKind, actionId: string, body: () => JournalRecord['body'], revision?: string): void {
    this.#owe(this.#draft(kind, actionId, body, revision));
  }

  /** Counts a record that could not be written and need not be (of a call that did not run). */
  countFailure(): void {
    this.#failures++;
  }

  #owe(draft: RecordDraft): void {
    this.#failures++;
    if (this.#unwritten.length < MAX_OWED) this.#unwritten.push(draft);
  }

  #paid(drafts: readonly RecordDraft[]): void {
    if (this.#unwritten.length === 0) return;
    const paid = new Set(drafts);
    this.#unwritten = this.#unwritten.filter((draft) => !paid.has(draft));
  }

  #withDeadline(appended: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = (): void => reject(new Error(`the store gave no answer within ${ATTEMPT_MS} ms`));
      const cancel = this.#options.clock.setTimer(ATTEMPT_MS, late);
      Promise.resolve(appended).then(resolve, reject).finally(cancel);
    });
  }

  #draft(
    kind: RecordKind,
    actionId: string,
    body: () => JournalRecord['body'],
    policyRevision: string = this.#options.revision(),
  ): RecordDraft {
    const { writer, clock } = this.#options;
    return {
      v: 1,
      writer,
      kind,
      actionId,
      at: new Date(clock.now()),
      policyRevision,
      namespace: 'default',
      body,
    };
  }
}
