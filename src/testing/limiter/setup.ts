import type { LimitCall, Limiter, LimitRefusal, LimitSettings, Reservation } from '../../limits/limiter.ts';
import type { FakeClock } from '../fake-clock.ts';

/** Settings without any limit, to spread over. */
export const UNLIMITED: LimitSettings = Object.freeze({
  rateLimits: null,
  budget: null,
  maxActionsPerRun: () => null,
  isRegistered: () => false,
});

/** An ordinary call. */
export const CALL: LimitCall = Object.freeze({
  actionId: 'action',
  toolName: 'send_mail',
  agentId: 'worker',
  taskId: 'task',
  sessionId: null,
  cost: 0,
});

/** A fresh limiter, and the clock that it reads. */
export interface Started {
  readonly clock: FakeClock;
  readonly limiter: Limiter;
}

/** Makes a fresh limiter with some limits. */
export type Start = (limits: Partial<LimitSettings>) => Promise<Started>;

/** Rate limits alone. */
export function rates(
  defaultRate: string | null,
  perTool: Record<string, string> = {},
  perAgent: Record<string, string> = {},
): Partial<LimitSettings> {
  return { rateLimits: { default: defaultRate, perTool, perAgent } };
}

/** `true` for a reservation, else the evaluator in whose name it was refused. */
export async function outcome(limiter: Limiter, call: Partial<LimitCall> = {}): Promise<true | string> {
  const answer = await limiter.reserve({ ...CALL, ...call });
  return answer.refused ? answer.evaluatorName : true;
}

/** Reserves, or fails. */
export async function reserved(limiter: Limiter, call: Partial<LimitCall> = {}): Promise<Reservation> {
  const answer = await limiter.reserve({ ...CALL, ...call });
  if (answer.refused) throw new Error(`refused: ${answer.reason}`);
  return answer;
}

/** Is refused, or fails. */
export async function refused(limiter: Limiter, call: Partial<LimitCall> = {}): Promise<LimitRefusal> {
  const answer = await limiter.reserve({ ...CALL, ...call });
  if (!answer.refused) throw new Error('was not refused');
  return answer;
}
