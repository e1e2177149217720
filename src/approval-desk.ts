import { ApprovalAnnouncer } from './approval-announcer.ts';
import { machineTime } from './approvals/machine-clock.ts';
import { ApprovalQueue } from './approvals/queue.ts';
import { newActionId } from './call/action-id.ts';
import type { ApprovalManner } from './call/services.ts';
import type { ApprovalSettings, ApproverSettings } from './config/settings.ts';
import type { Clock } from './core/clock.ts';
import type { Redactor } from './core/redact.ts';
import type { Journal } from './journal/journal.ts';
import type { Store } from './stores/store.ts';

/** What the desk needs of the guard. */
export interface DeskOptions {
  readonly store: Store;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly writerId: string;
  readonly redactor: () => Redactor;
  /** What the configuration in force says. */
  readonly settings: () => {
    readonly approvals: ApprovalSettings;
    readonly approvers: readonly ApproverSettings[];
  };
  /** What the guard's own options say, before any file. */
  readonly stated: Partial<ApprovalSettings>;
}

/** How this guard has people asked: the queue, and the settings that hold for it. */
export class ApprovalDesk {
  /** `null` where the store keeps no requests. */
  readonly queue: ApprovalQueue | null;
  /** Tells the webhook. */
  readonly announcer: ApprovalAnnouncer;
  readonly #options: DeskOptions;

  constructor(options: DeskOptions) {
    this.#options = options;
    const { store, journal, clock, writerId, redactor } = options;
    this.announcer = new ApprovalAnnouncer({ webhook: () => this.#settings.webhook, clock, warn });
    this.queue =
      store.approvals === undefined
        ? null
        : new ApprovalQueue({
            store: store.approvals,
            clock,
            writerId,
            newId: newActionId,
            draft: (actionId, body) => journal.draft('approval', actionId, body),
            redact: (text) => redactor().forAction({}).text(text),
            settings: () => ({ quorum: this.#settings.quorum, approvers: this.#approvers }),
            machine: machineTime,
            witness: this.announcer,
          });
  }

  /** How long an unanswered request is waited for, in milliseconds. */
  get timeoutMs(): number {
    return this.#settings.timeoutSeconds * 1000;
  }

  get manner(): ApprovalManner {
    const { wait, repeatLimit } = this.#settings;
    const signed = this.#approvers.length > 0;
    const asksHandler = this.#via !== 'queue' && !signed;
    const handlerSuffices = asksHandler && !(this.#quorum > 1);
    return { wait, repeatLimit, signed, asksQueue: this.#asksQueue, asksHandler, handlerSuffices };
  }

  /** Whether there is anybody who can be asked. Cheap: every call asks. */
  canAsk(hasHandler: boolean): boolean {
    return (hasHandler && this.#via !== 'queue') || this.#asksQueue;
  }

  /** A handler alone is no approver who signs, and no quorum: then the queue is asked whatever `via` says. */
  get #asksQueue(): boolean {
    if (this.queue === null) return false;
    return this.#via !== 'callback' || this.#approvers.length > 0 || this.#quorum > 1;
  }

  get #via(): ApprovalSettings['via'] {
    return this.#options.stated.via ?? this.#options.settings().approvals.via;
  }

  get #quorum(): number {
    return this.#options.stated.quorum ?? this.#options.settings().approvals.quorum;
  }

  get #settings(): ApprovalSettings {
    return { ...this.#options.settings().approvals, ...this.#options.stated };
  }

  get #approvers(): readonly ApproverSettings[] {
    return this.#options.settings().approvers;
  }
}

function warn(message: string): void {
  const notice = `${message} Until one gets through, further ones are only counted: getMetrics().webhooksFailed.`;
  process.emitWarning(notice, { type: 'PlyraGuardWarning', code: 'PLYRA_WEBHOOK' });
}
