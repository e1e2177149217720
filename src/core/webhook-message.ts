/** What is sent to a webhook. */
export interface WebhookMessage {
  /** Names the message: the same at every attempt. Visible ASCII without a full stop. */
  readonly id: string;
  /** JSON. */
  readonly body: string;
  /** What it is about: messages of one subject arrive in their order. `null`: of nothing in particular. */
  readonly subject: string | null;
  /** Epoch milliseconds from which on nobody needs it any more; `null`: it does not age. */
  readonly until: number | null;
}

/** What became of webhook messages. */
export interface WebhookCounts {
  /** Answered with 2xx. */
  delivered: number;
  /** Given up. */
  failed: number;
  /** Of those that were never tried, or not again, because too many waited. */
  dropped: number;
}
