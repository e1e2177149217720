/** What came of an attempt to deliver a batch. */
export type Delivery =
  | { readonly kind: 'taken' }
  /** Another attempt may succeed. `retryAfter`: the receiver's `Retry-After`. */
  | { readonly kind: 'failed'; readonly why: string; readonly retryAfter?: string | null | undefined }
  /** Nothing gets through until a person changes something, as with a wrong token: told at once, and tried again. */
  | { readonly kind: 'refused'; readonly why: string }
  /** The receiver is well, and will not have this batch: smaller ones are tried, then single entries given up. */
  | { readonly kind: 'rejected'; readonly why: string };
