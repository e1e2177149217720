import { AsyncLocalStorage } from 'node:async_hooks';
import type { AgentCall } from '../core/intent.ts';

/** What travels with an asynchronous flow of calls; every field may be left out. */
export interface CallContext {
  readonly agentId?: string | undefined;
  readonly taskId?: string | undefined;
  readonly sessionId?: string | undefined;
  /** What the agent says it is doing, in words. */
  readonly taskContext?: string | undefined;
  /** The end user on whose behalf the agent acts. */
  readonly principal?: string | undefined;
  readonly instructionChain?: readonly AgentCall[] | undefined;
}

/** The context with what the guard itself adds to it while a tool runs. */
export interface RunningContext extends CallContext {
  /** The guarded call in whose tool this code runs. */
  readonly parentActionId?: string | undefined;
  /** The agent that began the delegation chain, where it was declared. */
  readonly originAgentId?: string | undefined;
  /** Counts the delegations that were in progress when this one began, itself included. */
  readonly delegationSlot?: number | undefined;
  /** Fires when the running tool's time is up. */
  readonly signal?: AbortSignal | undefined;
}

const storage = new AsyncLocalStorage<RunningContext>();
const NOTHING: RunningContext = Object.freeze({});

/** The context of the code that is running now. */
export function currentContext(): RunningContext {
  return storage.getStore() ?? NOTHING;
}

/** Runs `fn` with `context` added to the present one. Concurrent flows never see each other's. */
export function runInContext<T>(context: RunningContext, fn: () => T): T {
  return storage.run({ ...currentContext(), ...defined(context) }, fn);
}

/**
 * Runs `fn` with what a program says of its context. A chain can only grow: one that does not begin with the present
 * one is put behind it, so that code inside a delegation cannot shake off who delegated.
 */
export function withUserContext<T>(context: CallContext, fn: () => T): T {
  const present = currentContext().instructionChain ?? [];
  const given = context.instructionChain;
  if (given === undefined) return runInContext(context, fn);
  const grows = present.every((hop, i) => given[i] === hop);
  const hops = (grows ? [...given] : [...present, ...given]).map((hop) => Object.freeze({ ...hop }));
  const instructionChain = Object.freeze(grows ? [...present, ...hops.slice(present.length)] : hops);
  return runInContext({ ...context, instructionChain }, fn);
}

/** Runs `fn` in exactly this context, whatever the present one is. */
export function runExactly<T>(context: RunningContext, fn: () => T): T {
  return storage.run(context, fn);
}

/** The signal that fires when the guarded tool that is running now has used up its time, if it has a limit. */
export function currentSignal(): AbortSignal | undefined {
  return currentContext().signal;
}

/** The steps of a generator, sync or async, each run in the present context instead of its consumer's. */
export function inThisContext(running: Generator & AsyncGenerator): object {
  const run = AsyncLocalStorage.snapshot();
  const bound = {
    next: (value: unknown) => run(() => running.next(value)),
    return: (value: unknown) => run(() => running.return(value)),
    throw: (error: unknown) => run(() => running.throw(error)),
    [Symbol.iterator]: () => bound,
    [Symbol.asyncIterator]: () => bound,
  };
  return bound;
}

function defined(context: RunningContext): RunningContext {
  return Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined));
}
