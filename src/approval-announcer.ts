import { decisionAnnouncement, requestAnnouncement } from './approvals/announcement.ts';
import type { Witness } from './approvals/queue.ts';
import type { ApprovalWebhook } from './config/settings.ts';
import type { Approval, ApprovalAsk, ApprovalState } from './core/approval.ts';
import type { Clock } from './core/clock.ts';
import type { WebhookCounts, WebhookMessage } from './core/webhook-message.ts';
import type { Outbox } from './webhook/outbox.ts';

/** How long what is on its way is waited for. */
const FLUSH_MS = 5_000;
/** How many messages are kept while the code that sends them is loaded; of more the oldest go. */
const MAX_EARLY = 1_000;

/** What an announcer is built on. */
export interface AnnouncerOptions {
  /** In force now; `null`: nothing is announced. */
  readonly webhook: () => ApprovalWebhook | null;
  readonly clock: Clock;
  /** Told once when messages begin to get lost. Never throws. */
  readonly warn: (message: string) => void;
}

/**
 * Announces requests and what becomes of them at the configured webhook. It is told after the fact, and nothing that the
 * receiver answers, or that fails here, reaches the request or the call.
 */
export class ApprovalAnnouncer implements Witness {
  /** What became of all announcements. */
  readonly counts: WebhookCounts = { delivered: 0, failed: 0, dropped: 0 };
  readonly #options: AnnouncerOptions;
  /** One for each target that was configured; the last is in use. */
  readonly #routes: Route[] = [];

  constructor(options: AnnouncerOptions) {
    this.#options = options;
  }

  entered(ask: ApprovalAsk): void {
    this.#announce(() => requestAnnouncement(ask));
  }

  changed(approval: Approval, was: ApprovalState): void {
    this.#announce(() => decisionAnnouncement(approval, was, new Date(this.#options.clock.now())));
  }

  /** Waits for what is on its way, 5 s at most. */
  async flush(): Promise<void> {
    await Promise.all(this.#routes.map((route) => route.flush()));
  }

  /** Gives what is on its way 5 s, and gives it up then. */
  async close(): Promise<void> {
    await this.flush();
    for (const route of this.#routes) route.close();
  }

  #announce(messageOf: () => WebhookMessage): void {
    try {
      const webhook = this.#options.webhook();
      if (webhook !== null) this.#routeTo(webhook).send(messageOf());
    } catch {
      // Whoever asks, or decides, has nothing to do with it.
      this.counts.failed++;
    }
  }

  #routeTo(webhook: ApprovalWebhook): Route {
    const last = this.#routes.at(-1);
    if (last?.leadsTo(webhook)) return last;
    const route = new Route(webhook, this.counts, this.#options);
    this.#routes.push(route);
    return route;
  }
}

/** The way to one target. The code that sends is loaded with the first message. */
class Route {
  readonly #webhook: ApprovalWebhook;
  readonly #counts: WebhookCounts;
  readonly #options: AnnouncerOptions;
  readonly #loaded: Promise<void>;
  #early: WebhookMessage[] = [];
  #outbox: Outbox | undefined;
  #isBroken = false;

  constructor(webhook: ApprovalWebhook, counts: WebhookCounts, options: AnnouncerOptions) {
    this.#webhook = webhook;
    this.#counts = counts;
    this.#options = options;
    this.#loaded = this.#load();
  }

  leadsTo({ url, secret, allowPrivate }: ApprovalWebhook): boolean {
    const own = this.#webhook;
    return own.url === url && own.secret === secret && own.allowPrivate === allowPrivate;
  }

  send(message: WebhookMessage): void {
    if (this.#isBroken) this.#counts.failed++;
    else if (this.#outbox !== undefined) this.#outbox.send(message);
    else if (this.#early.push(message) > MAX_EARLY) {
      this.#early.shift();
      this.#counts.dropped++;
    }
  }

  async flush(): Promise<void> {
    await this.#loaded;
    await this.#outbox?.flush(FLUSH_MS);
  }

  close(): void {
    this.#outbox?.close();
  }

  /** Never rejects. */
  async #load(): Promise<void> {
    const { clock, warn } = this.#options;
    try {
      const { Outbox } = await import('./webhook/outbox.ts');
      this.#outbox = new Outbox({ ...this.#webhook, clock, warn, counts: this.#counts });
      for (const message of this.#early) this.#outbox.send(message);
    } catch {
      this.#isBroken = true;
      this.#counts.failed += this.#early.length;
      warn('Webhook messages are lost: the code that sends them cannot be loaded.');
    }
    this.#early = [];
  }
}
