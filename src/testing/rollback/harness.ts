import type { ArgumentKinds } from '../../core/argument-kind.ts';
import type { RollbackHandler } from '../../rollback/handler.ts';

/** One call of a tool that the handler is for. */
export interface HarnessCall {
  readonly actionType: string;
  /** The arguments by name. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What each argument is; default: none. Names of `parameters`, for handlers that look at `context.arguments`. */
  readonly kinds?: ArgumentKinds | undefined;
  /** Runs the tool. What it returns, or comes to, is the tool's result. */
  readonly act: () => unknown;
}

/** A place in which a handler can be tried out: a folder, a table, a server. */
export interface RollbackHarness {
  /**
   * The handler, made anew each time: what it needs to restore lies in the snapshot, for the process that restores need
   * not be the one that captured.
   */
  readonly handler: () => RollbackHandler;
  /** One call or several; the suite runs them in this order and undoes them in reverse. Each must change something. */
  readonly calls: readonly HarnessCall[];
  /** All that the calls could change, as plain data that compares equal when it is the same. Read without the handler. */
  readonly look: () => unknown;
  /** Changes, as somebody else would after the calls, what the first call changed. Needed where the handler has `state`. */
  readonly interfere?: (() => unknown) | undefined;
  /**
   * Has the next restore break off half-way with an error, as a crash would. Without it no interruption is tried out.
   */
  readonly breakOff?: (() => unknown) | undefined;
}

/** How the suite makes the place in which it tries a handler out: fresh, for every case. */
export type MakeHarness = () => RollbackHarness | Promise<RollbackHarness>;
