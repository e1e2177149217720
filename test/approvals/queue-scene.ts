import { generateKeyPairSync, hash } from 'node:crypto';
import {
  ApprovalQueue,
  type Decision,
  type NewRequest,
  type QueueOptions,
} from '../../src/approvals/queue.ts';
import { signVote, votePayload } from '../../src/approvals/signature.ts';
import type { ApproverSettings } from '../../src/config/settings.ts';
import type { Approval, ApprovalAsk, MachineTime } from '../../src/core/approval.ts';
import type { RecordDraft } from '../../src/core/chain.ts';
import type { Clock } from '../../src/core/clock.ts';
import { ApprovalError } from '../../src/core/errors.ts';
import type { JournalRecord } from '../../src/core/record.ts';
import { MemoryStore } from '../../src/stores/memory.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { draftOf, START } from '../../src/testing/store/records.ts';

export const MINUTE = 60_000;
/** How long requests are open, unless a test says otherwise. */
export const TIMEOUT = 5 * MINUTE;

/** What is asked, unless a test says otherwise: a call that has a session and does not wait. */
export const REQUEST: NewRequest = Object.freeze({
  actionId: 'action-1',
  digest: 'digest-1',
  toolName: 'pay',
  actionType: 'payment.send',
  agentId: 'worker',
  taskId: null,
  sessionId: 'session-1',
  verdict: 'ESCALATE',
  reason: 'Payments need a person',
  ruleName: 'payments',
  escalateTo: null,
  riskScore: 0.5,
  policyRevision: 'r1',
  objections: Object.freeze(['payments']),
  shown: { intent: 'pay 7', parameters: { amount: 7 } },
  timeoutMs: TIMEOUT,
  waits: false,
});

/** A clock whose wall time and monotonic time can be set apart. */
export class TwoClocks implements Clock {
  readonly #monotonic = new FakeClock(0);
  #offset = START;

  readonly now = (): number => this.#monotonic.now() + this.#offset;
  readonly monotonic = this.#monotonic.monotonic;
  readonly setTimer = this.#monotonic.setTimer;

  get pending(): number {
    return this.#monotonic.pending;
  }

  /** Time passes, on both. */
  advance(ms: number): void {
    this.#monotonic.advance(ms);
  }

  /** Somebody sets the wall clock forward, or back. */
  setWall(ms: number): void {
    this.#offset += ms;
  }
}

/** Queues on one store, with a clock that the test moves on. */
export class Scene {
  readonly clock = new TwoClocks();
  readonly memory = new MemoryStore({ maxActions: 1000, sha256: (text) => hash('sha256', text) });
  readonly store = this.memory.approvals;
  quorum = 1;
  approvers: readonly ApproverSettings[] = [];
  boot: string | null = 'boot-1';
  #ids = 0;

  /** One of a guard; by default the guard's `guard-1`. */
  queue(options: Partial<QueueOptions> = {}): ApprovalQueue {
    return new ApprovalQueue({
      store: this.store,
      clock: this.clock,
      writerId: 'guard-1',
      newId: () => `id-${++this.#ids}`,
      draft: (actionId, body) => ({ ...draftOf('approval', actionId, {}), body }),
      redact: (text) => text.replaceAll('hunter2', '[redacted]'),
      settings: () => ({ quorum: this.quorum, approvers: this.approvers }),
      machine: () => this.machine(),
      ...options,
    });
  }

  machine(): MachineTime | null {
    return this.boot === null ? null : { boot: this.boot, at: this.clock.monotonic() };
  }

  /** Asks, and enters what is asked. Of a store that answers at once. */
  ask(queue: ApprovalQueue, changes: Partial<NewRequest> = {}): ApprovalAsk {
    const ask = queue.newAsk({ ...REQUEST, ...changes });
    queue.enter(ask, waitingRecord(ask.actionId));
    return ask;
  }

  /** What the journal says of approvals, oldest first. */
  told(): readonly JournalRecord['body'][] {
    return this.memory.records().flatMap(({ kind, body }) => (kind === 'approval' ? [body] : []));
  }
}

export function waitingRecord(actionId: string): RecordDraft {
  return draftOf('waiting', actionId, {});
}

/** Somebody with a key. */
export class Signer {
  readonly id: string;
  readonly #keys = generateKeyPairSync('ed25519');

  constructor(id: string) {
    this.id = id;
  }

  get privateKey(): string {
    return this.#keys.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
  }

  get publicKey(): string {
    return this.#keys.publicKey.export({ format: 'pem', type: 'spki' }) as string;
  }

  listed(...lists: string[]): ApproverSettings {
    return { id: this.id, publicKey: this.publicKey, lists };
  }

  /** A signed decision; by default a yes for one call. */
  says(ask: ApprovalAsk, decision: Partial<Decision> = {}): Decision {
    const said: Decision = { by: this.id, approved: true, ...decision };
    return { ...said, signature: signVote(votePayload(ask, said), this.privateKey) };
  }
}

/** The word that an error gives for what is wrong; what was thrown where it is none of ours. */
export function problemOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error instanceof ApprovalError ? error.details.problem : error;
  }
}

/** An answer that is there already. */
export function now<T>(answer: T | Promise<T>): T {
  if (answer instanceof Promise) throw new Error('A store that answers at once was waited for.');
  return answer;
}

/** The state of a request, as the store has it. */
export function stateOf(scene: Scene, { id }: Pick<Approval, 'id'>): string | undefined {
  return scene.store.get(id)?.state;
}
