import type { Approval, Grant } from '../../core/approval.ts';
import type { Awaitable } from '../../core/awaitable.ts';
import { after, firstAnswer } from './after.ts';
import type { Electorate, QueueOptions } from './options.ts';
import type { Requests } from './requests.ts';
import { type AsShown, showsThis } from './same-call.ts';
import { isProven, isProvenGrant } from './votes.ts';

/** What a call can go by. */
export type Matched =
  | {
      readonly kind: 'none' /** What it could go by, did that not show something else. */;
      readonly unlike?: string;
    }
  | { readonly kind: 'granted'; readonly grant: Grant }
  | { readonly kind: 'approved' | 'pending' | 'denied'; readonly approval: Approval };

/** A call that looks for what was decided on it. */
export interface LookedFor {
  readonly digest: string;
  /** The session that it declares. */
  readonly sessionId: string | null;
  /** Everything that asks for a person now. */
  readonly objections: readonly string[];
  /** Called only where decisions are signed. */
  readonly asShown: (() => AsShown) | undefined;
}

/** How many requests, and grants, of one digest are looked at. */
const MAX_OF_DIGEST = 1_000;

/** A live grant that covers the call; else the newest request that says something of it. */
export function matchFor(call: LookedFor, options: QueueOptions, requests: Requests): Awaitable<Matched> {
  const likeness = new Likeness(call, options.settings());
  return after(grantFor(call, options, likeness), (grant): Awaitable<Matched> => {
    if (grant !== undefined) return { kind: 'granted', grant };
    return after(requestFor(call, options, requests, likeness), (found) => found ?? likeness.none);
  });
}

/** Tells requests that show the call as it would be shown now, where decisions are signed; and remembers one that does not. */
class Likeness {
  readonly electorate: Electorate;
  readonly #call: LookedFor;
  #now: AsShown | undefined;
  #unlike: string | undefined;

  constructor(call: LookedFor, electorate: Electorate) {
    this.#call = call;
    this.electorate = electorate;
  }

  get none(): Matched {
    return this.#unlike === undefined ? { kind: 'none' } : { kind: 'none', unlike: this.#unlike };
  }

  holds(approval: Approval): boolean {
    if (this.electorate.approvers.length === 0) return true;
    this.#now ??= this.#call.asShown?.();
    if (this.#now !== undefined && showsThis(approval, this.#now)) return true;
    this.#unlike ??= approval.id;
    return false;
  }
}

function grantFor(
  call: LookedFor,
  { store, clock }: QueueOptions,
  likeness: Likeness,
): Awaitable<Grant | undefined> {
  const { digest, sessionId } = call;
  const { electorate } = likeness;
  return after(store.grants({ digest, liveAt: clock.now(), limit: MAX_OF_DIGEST }), (grants) =>
    firstAnswer(grants, (grant) => {
      if (!covers(grant, call)) return undefined;
      if (grant.scope === 'session' && (sessionId === null || grant.sessionId !== sessionId))
        return undefined;
      if (electorate.approvers.length === 0) return grant;
      return after(store.get(grant.approvalId), (approval) =>
        approval && isProvenGrant(grant, approval, electorate) && likeness.holds(approval)
          ? grant
          : undefined,
      );
    }),
  );
}

function requestFor(
  call: LookedFor,
  { store }: QueueOptions,
  requests: Requests,
  likeness: Likeness,
): Awaitable<Matched | undefined> {
  const { digest } = call;
  return after(store.list({ digest, limit: MAX_OF_DIGEST }), (list) =>
    firstAnswer(list, (approval): Awaitable<Matched | undefined> => {
      const { state } = approval;
      if (state !== 'approved' && state !== 'pending' && state !== 'denied') return undefined;
      if (requests.isOverdue(approval)) return after(requests.upToDate(approval), () => undefined);
      // A denial counts whatever was objected to.
      if (state === 'denied' ? approval.digest !== digest : !covers(approval, call)) return undefined;
      if (state === 'approved' && !isProven(approval, likeness.electorate)) return undefined;
      return after(requests.isWaitedFor(approval), (isWaitedFor) => {
        if (isWaitedFor || (state !== 'denied' && !likeness.holds(approval))) return undefined;
        return { kind: state, approval };
      });
    }),
  );
}

/** Who saw less than what asks for a person now has not decided on it. */
function covers(seen: Pick<Approval, 'digest' | 'objections'>, { digest, objections }: LookedFor): boolean {
  if (seen.digest !== digest) return false;
  const shown = new Set(seen.objections);
  return objections.every((objection) => shown.has(objection));
}
