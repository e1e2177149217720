import type { Clock } from '../core/clock.ts';
import { GUARD_VERSION } from '../core/version.ts';
import type { WebhookCounts, WebhookMessage } from '../core/webhook-message.ts';
import { webhookKeyBase64 } from '../core/webhook-secret.ts';
import { type Answer, post } from './post.ts';
import type { Resolve } from './public-lookup.ts';
import { isWorthAnother, pauseMs } from './retry.ts';
import { signatureHeaders } from './sign.ts';

/** How many messages, and how much of them, wait at most; of more the oldest go. */
const MAX_WAITING = 1_000;
const MAX_WAITING_CHARACTERS = 8_000_000;
const MAX_AT_ONCE = 4;
const MAX_ATTEMPTS = 5;
const ATTEMPT_MS = 10_000;

/** Where messages go, and what that takes. */
export interface OutboxOptions {
  readonly url: string;
  /** `whsec_` and 24–64 bytes in base64. */
  readonly secret: string;
  /** Whether the host may be this machine or in a private network. */
  readonly allowPrivate: boolean;
  readonly clock: Clock;
  /** Counted up here. */
  readonly counts: WebhookCounts;
  /** Told once when messages begin to get lost, and again only after one got through. Never throws. */
  readonly warn: (message: string) => void;
  /** 0 to 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Default: `dns.lookup`. */
  readonly resolve?: Resolve | undefined;
}

/** A message on its way. */
interface Parcel extends WebhookMessage {
  state: 'waiting' | 'sending' | 'resting';
  attempts: number;
  /** A newer message about its subject is there: it is not tried again. */
  isOutdated: boolean;
  /** Why the last attempt failed; '' before. */
  why: string;
  cancelRest: () => void;
}

/**
 * Sends signed messages to one place, behind the back of whoever has something to say: `send` answers at once and never
 * throws. A message is tried again while that makes sense, up to five times; those of one subject go one after the
 * other. Nothing in here keeps the process alive but a `flush` that is waited for.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #url: URL;
  readonly #key: string;
  readonly #closing = new AbortController();
  /** Oldest first. */
  readonly #parcels = new Set<Parcel>();
  #characters = 0;
  #sending = 0;
  #isDown = false;
  readonly #onEmpty = new Set<() => void>();

  /** Throws TypeError for a URL or a secret that is none. */
  constructor(options: OutboxOptions) {
    const key = webhookKeyBase64(options.secret);
    if (key === null)
      throw new TypeError('The secret of a webhook is `whsec_` and 24 to 64 bytes in base64.');
    this.#options = options;
    this.#url = new URL(options.url);
    this.#key = key;
  }

  send(message: WebhookMessage): void {
    const parcel: Parcel = {
      ...message,
      state: 'waiting',
      attempts: 0,
      isOutdated: false,
      why: '',
      cancelRest: () => undefined,
    };
    this.#outdate(parcel.subject);
    this.#parcels.add(parcel);
    this.#characters += parcel.body.length;
    if (this.#closing.signal.aborted) this.#giveUp(parcel, 'it came when the guard was closed');
    this.#makeRoom();
    this.#sendNext();
  }

  /** Resolves once nothing is on its way any more, or after `deadlineMs`. Until then the process stays alive. */
  flush(deadlineMs: number): Promise<void> {
    if (this.#parcels.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        this.#onEmpty.delete(done);
        resolve();
      };
      const cancel = this.#options.clock.setTimer(deadlineMs, done);
      this.#onEmpty.add(done);
    });
  }

  /** Gives up what is still on its way. */
  close(): void {
    this.#closing.abort();
    for (const parcel of [...this.#parcels]) this.#giveUp(parcel, parcel.why || 'no answer came in time');
  }

  /** What is older about the same subject is not tried again; what was not tried yet is, once. */
  #outdate(subject: string | null): void {
    if (subject === null) return;
    for (const parcel of [...this.#parcels]) {
      if (parcel.subject !== subject) continue;
      parcel.isOutdated = true;
      if (parcel.state === 'resting') this.#giveUp(parcel, parcel.why);
    }
  }

  #makeRoom(): void {
    for (const parcel of [...this.#parcels]) {
      if (this.#parcels.size <= MAX_WAITING && this.#characters <= MAX_WAITING_CHARACTERS) return;
      if (parcel.state === 'sending') continue;
      this.#options.counts.dropped++;
      this.#leave(parcel);
      this.#warnOnce('too many wait');
    }
  }

  #sendNext(): void {
    const taken = new Set<string>();
    for (const parcel of this.#parcels) {
      if (this.#sending >= MAX_AT_ONCE) return;
      const { subject, state } = parcel;
      const isFirst = subject === null || !taken.has(subject);
      if (subject !== null) taken.add(subject);
      if (state === 'waiting' && isFirst) void this.#try(parcel);
    }
  }

  /** Never rejects. */
  async #try(parcel: Parcel): Promise<void> {
    const { clock, allowPrivate, resolve } = this.#options;
    const { id, body } = parcel;
    parcel.state = 'sending';
    parcel.attempts++;
    this.#sending++;
    const seconds = Math.floor(clock.now() / 1000);
    const headers = {
      'content-type': 'application/json',
      'user-agent': `plyra-guard/${GUARD_VERSION}`,
      ...signatureHeaders(this.#key, { id, seconds, body }),
    };
    const late: Answer = { status: null, why: parcel.why || 'it waited beyond its time', isFinal: true };
    const attempt = { url: this.#url, headers, body, allowPrivate, clock, resolve };
    const answer = await (this.#isLate(parcel, 0)
      ? late
      : post({ ...attempt, timeoutMs: ATTEMPT_MS, signal: this.#closing.signal }));
    this.#sending--;
    if (this.#parcels.has(parcel)) this.#settle(parcel, answer);
    this.#sendNext();
  }

  #settle(parcel: Parcel, answer: Answer): void {
    const { status } = answer;
    if (status !== null && status >= 200 && status <= 299) {
      this.#options.counts.delivered++;
      this.#isDown = false;
      this.#leave(parcel);
      return;
    }
    parcel.why = status === null ? answer.why : `it answered ${status}`;
    const isFinal = status === null ? answer.isFinal : !isWorthAnother(status);
    const pause = this.#pauseBehind(parcel, status === null ? null : answer.retryAfter);
    if (isFinal || parcel.isOutdated || parcel.attempts >= MAX_ATTEMPTS || this.#isLate(parcel, pause)) {
      this.#giveUp(parcel, parcel.why);
      return;
    }
    parcel.state = 'resting';
    const goOn = (): void => {
      parcel.state = 'waiting';
      this.#sendNext();
    };
    parcel.cancelRest = this.#options.clock.setTimer(pause, goOn, true);
  }

  #pauseBehind({ attempts }: Parcel, retryAfter: string | null): number {
    const { clock, random = Math.random } = this.#options;
    return pauseMs(attempts, { now: clock.now(), retryAfter, random: random() });
  }

  /** Whether nobody needs it any more in `ms` from now. */
  #isLate({ until }: Parcel, ms: number): boolean {
    return until !== null && !(this.#options.clock.now() + ms < until);
  }

  #giveUp(parcel: Parcel, why: string): void {
    this.#options.counts.failed++;
    this.#leave(parcel);
    this.#warnOnce(why);
  }

  #leave(parcel: Parcel): void {
    parcel.cancelRest();
    if (this.#parcels.delete(parcel)) this.#characters -= parcel.body.length;
    if (this.#parcels.size > 0) return;
    for (const tell of [...this.#onEmpty]) tell();
  }

  /** Path and query of the URL are left out: with many receivers they are a secret. */
  #warnOnce(why: string): void {
    if (this.#isDown) return;
    this.#isDown = true;
    const { protocol, host } = this.#url;
    this.#options.warn(`A webhook message to ${protocol}//${host} is lost: ${why}.`);
  }
}
