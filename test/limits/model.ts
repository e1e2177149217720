import type { LimitCall, LimitSettings } from '../../src/limits/limiter.ts';

/** Limits so low that a few steps reach them. */
export const TIGHT: LimitSettings = {
  rateLimits: { default: '3/sec', perTool: { t1: '2/sec' }, perAgent: { a1: '4/min' } },
  budget: { perTask: 1, perAgentPerRun: 1.5 },
  maxActionsPerRun: (id) => (id === 'a1' ? 6 : null),
  isRegistered: () => false,
};

/** A call that counts. */
export interface Counted {
  readonly call: LimitCall;
  /** Milliseconds. */
  readonly at: number;
  /** The process, or one life of it, that made the call. */
  readonly process: number;
  micro: number;
}

/** {@link TIGHT}, kept in the plainest way: remember every call of every process and look at all of them. */
export class PlainModel {
  #calls: Counted[] = [];

  reserve(call: LimitCall, at: number, process: number): Counted | undefined {
    const { toolName, agentId, taskId, cost } = call;
    const micro = Math.round(cost * 1e6);
    const inWindow = (windowMs: number, which: (call: LimitCall) => boolean): number =>
      this.#calls.filter((c) => c.process === process && which(c.call) && c.at + windowMs > at).length;
    const isCovered = (c: LimitCall): boolean => c.toolName === 't1' || c.agentId === 'a1';
    if (toolName === 't1' && inWindow(1_000, (c) => c.toolName === 't1') >= 2) return undefined;
    if (agentId === 'a1' && inWindow(60_000, (c) => c.agentId === 'a1') >= 4) return undefined;
    const isSame = (c: LimitCall): boolean => !isCovered(c) && c.agentId === agentId;
    if (!isCovered(call) && inWindow(1_000, isSame) >= 3) return undefined;
    const run = this.#run(call, process);
    if (agentId === 'a1' && run.length >= 6) return undefined;
    if (taskId !== null && spent(this.#task(taskId)) + micro > 1e6) return undefined;
    if (spent(run) + micro > 1.5e6) return undefined;
    const counted = { call, at, process, micro };
    this.#calls.push(counted);
    return counted;
  }

  release(counted: Counted): void {
    this.#calls = this.#calls.filter((other) => other !== counted);
  }

  /** Actions and micro-USD of the call's run, micro-USD and agents of its task. */
  uses(call: LimitCall, process: number): readonly number[] {
    const run = this.#run(call, process);
    const task = call.taskId === null ? [] : this.#task(call.taskId);
    const names = task.filter(({ micro }) => micro > 0).map((c) => c.call.agentId);
    return [run.length, spent(run), spent(task), new Set([...names, call.agentId]).size];
  }

  #run({ agentId, sessionId }: LimitCall, process: number): Counted[] {
    return this.#calls.filter(
      ({ call, process: by }) =>
        call.agentId === agentId && call.sessionId === sessionId && (sessionId !== null || by === process),
    );
  }

  #task(taskId: string): Counted[] {
    return this.#calls.filter(({ call }) => call.taskId === taskId);
  }
}

function spent(calls: readonly Counted[]): number {
  return calls.reduce((sum, { micro }) => sum + micro, 0);
}
