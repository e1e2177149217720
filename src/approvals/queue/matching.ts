import type { Approval, Grant } from '../../core/approval.ts';
import type { Awaitable } from '../../core/awaitable.ts';
import { after, firstAnswer } from './after.ts';
import type { QueueOptions } from './options.ts';
import type { Requests } from './requests.ts';
import { isProven, isProvenGrant } from './votes.ts';

/** What a call can go by. */
export type Matched =
  | { readonly kind: 'none' }
  | { readonly kind: 'granted'; readonly grant: Grant }
  | { readonly kind: 'approved' | 'pending' | 'denied'; readonly approval: Approval };

/** A call that looks for what was decided on it. */
export interface LookedFor {
  readonly digest: string;
  /** The session that it declares. */
  readonly sessionId: string | null;
  /** Everything that asks for a person now. */
  readonly objections: readonly string[];
}

/** How many requests, and grants, of one digest are looked at. */
const MAX_OF_DIGEST = 1_000;

/** A live grant that covers the call; else the newest request that says something of it. */
export function matchFor(call: LookedFor, options: QueueOptions, requests: Requests): Awaitable<Matched> {
  return after(grantFor(call, options), (grant): Awaitable<Matched> => {
    if (grant !== undefined) return { kind: 'granted', grant };
    return after(requestFor(call, options, requests), (found) => found ?? { kind: 'none' });
  });
}

function grantFor(call: LookedFor, { store, clock, settings }: QueueOptions): Awaitable<Grant | undefined> {
  const { digest, sessionId } = call;
  const electorate = settings();
  return after(store.grants({ digest, liveAt: clock.now(), limit: MAX_OF_DIGEST }), (grants) =>
    firstAnswer(grants, (grant) => {
      if (!covers(grant, call)) return undefined;
      if (grant.scope === 'session' && (sessionId === null || grant.sessionId !== sessionId))
        return undefined;
      if (electorate.approvers.length === 0) return grant;
      return after(store.get(grant.approvalId), (approval) =>
        isProvenGrant(grant, approval, electorate) ? grant : undefined,
      );
    }),
  );
}

function requestFor(
  call: LookedFor,
  { store, settings }: QueueOptions,
  requests: Requests,
): Awaitable<Matched | undefined> {
  const { digest } = call;
  const electorate = settings();
  return after(store.list({ digest, limit: MAX_OF_DIGEST }), (list) =>
    firstAnswer(list, (approval): Awaitable<Matched | undefined> => {
      const { state } = approval;
      if (state !== 'approved' && state !== 'pending' && state !== 'denied') return undefined;
      if (requests.isOverdue(approval)) return after(requests.upToDate(approval), () => undefined);
      // A denial counts whatever was objected to.
      if (state === 'denied' ? approval.digest !== digest : !covers(approval, call)) return undefined;
      if (state === 'approved' && !isProven(approval, electorate)) return undefined;
      return after(requests.isWaitedFor(approval), (isWaitedFor) =>
        isWaitedFor ? undefined : { kind: state, approval },
      );
    }),
  );
}

/** Who saw less than what asks for a person now has not decided on it. */
function covers(seen: Pick<Approval, 'digest' | 'objections'>, { digest, objections }: LookedFor): boolean {
  if (seen.digest !== digest) return false;
  const shown = new Set(seen.objections);
  return objections.every((objection) => shown.has(objection));
}
