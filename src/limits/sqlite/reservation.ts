import type { LimitCall, Reservation } from '../limiter.ts';
import { addMoney, type RunUse } from '../usage.ts';
import type { CountedCall } from '../windows/process-windows.ts';
import type { Account, Change, OpenReservation } from './accounts.ts';

/** Counts a change in a run that is kept in memory. */
export function addTo(run: RunUse, { money, actions }: Change): void {
  run.actions += actions;
  run.spent = addMoney(run.spent, money);
}

/** A call that was counted, in memory and perhaps in the database. */
export class SqliteReservation implements Reservation {
  readonly refused = false;
  readonly actionId: string;
  readonly account: Account;
  /** Reserved, in micro-USD. */
  readonly cost: number;
  readonly windows: CountedCall;
  /** The run in memory that it counts in; `null` in a session. */
  readonly run: RunUse | null;
  /** `null` where the database has nothing of it. */
  readonly open: OpenReservation | null;
  #ended = false;

  constructor(
    { actionId, agentId, sessionId, taskId }: LimitCall,
    cost: number,
    windows: CountedCall,
    run: RunUse | null,
    open: OpenReservation | null,
  ) {
    this.actionId = actionId;
    this.account = { agentId, sessionId, taskId };
    this.cost = cost;
    this.windows = windows;
    this.run = run;
    this.open = open;
  }

  /** True the first time. */
  end(): boolean {
    const first = !this.#ended;
    this.#ended = true;
    return first;
  }
}
