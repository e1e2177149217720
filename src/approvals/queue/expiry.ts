import type { Approval, MachineTime } from '../../core/approval.ts';

/** What the clocks say now. */
export interface TimesNow {
  /** Wall clock, epoch milliseconds. */
  readonly wall: number;
  readonly machine: MachineTime | null;
}

/**
 * Whether a request's time is over, by the wall clock or, on the machine that it was made on, by the one that nobody
 * sets. A time that is none is over.
 */
export function isOverdue(
  { expiresAt, expiresOn }: Pick<Approval, 'expiresAt' | 'expiresOn'>,
  { wall, machine }: TimesNow,
): boolean {
  if (!(wall < expiresAt.getTime())) return true;
  return expiresOn !== null && machine?.boot === expiresOn.boot && !(machine.at < expiresOn.at);
}
