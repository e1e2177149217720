import type { Argument } from '../../core/argument.ts';
import type { ActionIntent } from '../../core/intent.ts';
import type { ItemStates, Snapshot } from '../../core/snapshot.ts';
import { planOf, type RestorePlan } from '../../rollback/conflicts.ts';
import { Contents } from './contents.ts';
import type { HarnessCall, MakeHarness, RollbackHarness } from './harness.ts';

/** How far the calls of a harness are taken. */
export interface RunOptions {
  /** Whether what the act left is noted; default true. False is a crash right behind the act. */
  readonly noted?: boolean | undefined;
  /** What the handler is told of the act; default true. */
  readonly succeeded?: boolean | undefined;
}

/** A harness whose calls are run and undone as a guard does it, with a new handler at each turn. */
export class Rehearsal {
  readonly harness: RollbackHarness;
  /** What was there before the first call. */
  readonly before: unknown;
  /** Of the calls that ran, in their order. */
  readonly snapshots: Snapshot[] = [];
  readonly #contents = new Contents();

  private constructor(harness: RollbackHarness, before: unknown) {
    this.harness = harness;
    this.before = before;
  }

  static async start(make: MakeHarness): Promise<Rehearsal> {
    const harness = await make();
    return new Rehearsal(harness, await harness.look());
  }

  /** Captures a call that has not run. */
  async capture(call: HarnessCall): Promise<Snapshot> {
    const handler = this.harness.handler();
    const intent = intentOf(call, this.snapshots.length);
    const context = { blobs: this.#contents, arguments: argumentsOf(call) };
    const data = jsonOf(await handler.capture(intent, context));
    if (data === undefined || data === null) {
      throw new Error(`The handler captured nothing of ${call.actionType}.`);
    }
    const before = jsonOf(await handler.state?.({ data }, 'before', this.reading)) ?? null;
    return { ...snapshotOf(intent), data, before: before as ItemStates | null };
  }

  /** Captures and runs all calls, one behind the other. */
  async run({ noted = true, succeeded = true }: RunOptions = {}): Promise<void> {
    for (const call of this.harness.calls) {
      const snapshot = await this.capture(call);
      const result = await call.act();
      this.snapshots.push(noted ? await this.#noted(snapshot, call, { succeeded, result }) : snapshot);
    }
  }

  /** What there is now of a snapshot's items; `null` where the handler cannot tell. */
  async state(snapshot: Snapshot): Promise<ItemStates | null> {
    const now = await this.harness.handler().state?.(snapshot, 'now', this.reading);
    return (jsonOf(now) as ItemStates | undefined) ?? null;
  }

  /** What undoing would change. */
  async plan(snapshot: Snapshot): Promise<RestorePlan> {
    return planOf(snapshot, await this.state(snapshot));
  }

  /** Restores one snapshot. */
  async restore(snapshot: Snapshot): Promise<void> {
    const answer = await this.harness.handler().restore(snapshot, this.reading);
    if (answer === false) throw new Error('The handler says that it could not restore.');
  }

  /** Restores all, the one that ran last first; `each` is called before and behind every one. */
  async undo(each?: (snapshot: Snapshot, isDone: boolean) => Promise<void>): Promise<void> {
    for (const snapshot of this.snapshots.toReversed()) {
      await each?.(snapshot, false);
      await this.restore(snapshot);
      await each?.(snapshot, true);
    }
  }

  /** What a handler may use to restore. */
  get reading(): { readonly blobs: Contents } {
    return { blobs: this.#contents };
  }

  async #noted(
    snapshot: Snapshot,
    call: HarnessCall,
    outcome: { readonly succeeded: boolean; readonly result: unknown },
  ): Promise<Snapshot> {
    const handler = this.harness.handler();
    const intent = intentOf(call, this.snapshots.length);
    const context = { blobs: this.#contents, keeper: this.#contents, intent };
    const told = jsonOf(await handler.after?.(snapshot, outcome, context));
    const data = told === undefined ? snapshot.data : told;
    const after = jsonOf(await handler.state?.({ data }, 'after', this.reading)) ?? null;
    return { ...snapshot, data, after: after as ItemStates | null };
  }
}

/** A value as it comes back from where it is stored. */
export function jsonOf(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** What a handler is asked with before a call is decided on. */
export function askedAbout(call: HarnessCall): [ActionIntent, { readonly arguments: readonly Argument[] }] {
  return [intentOf(call, 0), { arguments: argumentsOf(call) }];
}

function intentOf({ actionType, parameters }: HarnessCall, number: number): ActionIntent {
  return Object.freeze({
    ...{ actionType, toolName: 'tool', agentId: 'worker', taskContext: '', actionId: `action-${number}` },
    parameters: Object.freeze(structuredClone(parameters)),
    ...{
      taskId: null,
      sessionId: null,
      timestamp: new Date(0),
      estimatedCost: 0,
      riskLevel: 'MEDIUM' as const,
    },
    ...{ instructionChain: [], metadata: {}, intent: '', callId: null, principal: null, tags: [] },
    framework: null,
  });
}

function argumentsOf({ parameters, kinds = {} }: HarnessCall): Argument[] {
  return Object.entries(parameters).flatMap(([name, text]) =>
    typeof text === 'string'
      ? [{ name, kind: kinds[name], isSure: Object.hasOwn(kinds, name), text, argv: null, at: -1 }]
      : [],
  );
}

function snapshotOf({ actionId, actionType, toolName, agentId }: ActionIntent): Snapshot {
  return {
    ...{ id: `snapshot-${actionId}`, actionId, handler: 'tried out', actionType, toolName, agentId },
    ...{ taskId: null, sessionId: null, capturedAt: new Date(0), data: null, before: null, after: null },
    ...{ blobs: [], bytes: 0, position: 1, state: 'captured', restoringBy: null },
  };
}
