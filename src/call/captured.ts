import type { Snapshot } from '../core/snapshot.ts';
import type { RollbackHandler } from '../rollback/handler.ts';

/** What was captured before an act. */
export interface Capture {
  /** `null` where the act cannot be undone. */
  readonly held: { readonly snapshot: Snapshot; readonly handler: RollbackHandler } | null;
  /** Remarks for the entry. */
  readonly labels: readonly string[];
}

/** Nobody can undo the act, or wants to. */
export const NOTHING_CAPTURED: Capture = Object.freeze({ held: null, labels: Object.freeze([]) });
