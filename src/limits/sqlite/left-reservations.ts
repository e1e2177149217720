import type { Accounts, Closing, OpenReservation } from './accounts.ts';

/** What the journal knows of reservations and of those who made them. Every method throws what the database says. */
export interface Witness {
  /** Position of the newest record in the journal. */
  newestPosition(): number;
  /** Whether a writer may still write; in doubt true. */
  writerIsAlive(writerId: string): boolean;
  /** The ids of the actions that were journaled as decided behind their position; in doubt they are among them. */
  clearedAmong(actions: readonly Pick<OpenReservation, 'actionId' | 'afterPosition'>[]): ReadonlySet<string>;
}

/** How the reservations are to be ended that dead writers left: given back where the tool cannot have run, else spent. */
export function endsOfLeft(accounts: Accounts, witness: Witness): Closing[] {
  const alive = new Map<string, boolean>();
  const left = accounts.ofOthers().filter(({ writerId }) => {
    if (!alive.has(writerId)) alive.set(writerId, witness.writerIsAlive(writerId));
    return alive.get(writerId) === false;
  });
  if (left.length === 0) return [];
  // A dead writer decides nothing any more, so the journal may be read before the database is locked.
  const cleared = witness.clearedAmong(left);
  return left.map((open) => {
    const { actionId, account, cost } = open;
    const change = cleared.has(actionId) ? { money: 0, actions: 0 } : { money: -cost, actions: -1 };
    return { open, account, change };
  });
}
