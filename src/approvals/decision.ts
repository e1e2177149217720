import type { ApprovalVote, GrantScope } from '../core/approval.ts';

/** What somebody decides on a request. */
export interface Decision {
  /** Who decides: a text of at most 200 characters, another than the agent that asks. */
  readonly by: string;
  /** Anything but `true` is a denial. */
  readonly approved: boolean;
  /** Shown to the model when the action was denied. At most 2,000 characters of it are kept. */
  readonly note?: string | null;
  /** How far a yes goes. Default `once`. */
  readonly scope?: GrantScope;
  /** How long a yes beyond one call lasts, 1–10,080 minutes. Default 480 for a session, 60 for a call. */
  readonly minutes?: number | null;
  /** Ed25519 over the vote's payload, base64. Needed where approvers are configured. */
  readonly signature?: string | null;
}

/** What is signed of a decision, beside the request. */
export type SignedDecision = Pick<ApprovalVote, 'by' | 'approved' | 'note' | 'scope' | 'minutes'>;

const DEFAULT_MINUTES: Readonly<Record<GrantScope, number | null>> = Object.freeze({
  once: null,
  session: 480,
  call: 60,
});

/** A decision with its defaults filled in; a denial is for one call. Nothing is checked. */
export function withDefaults({ by, approved, note, scope = 'once', minutes }: Decision): SignedDecision {
  const said = { by, note: note === undefined || note === '' ? null : note };
  if (approved !== true) return { ...said, approved: false, scope: 'once', minutes: null };
  return { ...said, approved, scope, minutes: minutes ?? DEFAULT_MINUTES[scope] };
}
