import type { ApprovalQueue } from '../../src/approvals/queue.ts';
import type { Approval, ApprovalAsk } from '../../src/core/approval.ts';
import { settled } from '../call/clocks.ts';
import { type Scene, TIMEOUT } from './queue-scene.ts';

export const limits = { timeoutMs: TIMEOUT };

/** A call that waits, and what came of it so far. */
export function waiting(queue: ApprovalQueue, ask: ApprovalAsk, signal?: AbortSignal): { came: unknown } {
  const wait: { came: unknown } = { came: 'nothing' };
  const note = (came: unknown): void => {
    wait.came = came;
  };
  queue.wait(ask, { ...limits, signal }).then(
    ({ state }) => note(state),
    (error) => note(error.details?.problem ?? error),
  );
  return wait;
}

/** Decides as another process would: nobody here is told. */
export function decideElsewhere(
  scene: Scene,
  { id }: ApprovalAsk,
  state: Approval['state'] = 'approved',
): void {
  scene.store.change(id, { state: 'pending', votes: 0 }, { state }, null);
}

export async function advance(scene: Scene, ms: number): Promise<void> {
  await settled();
  scene.clock.advance(ms);
  await settled();
}
