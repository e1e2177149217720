import { hostname } from 'node:os';
import { AgentLedger } from './agents/ledger.ts';
import { ApprovalDesk } from './approval-desk.ts';
import { callbackApprover } from './approvals/callback.ts';
import { builtInHandlers } from './built-in-handlers.ts';
import { newActionId } from './call/action-id.ts';
import { Acts } from './call/acts.ts';
import { Delegations } from './call/delegate.ts';
import { factsOf, limitCall, NO_LIMIT_FACTS } from './call/facts.ts';
import { systemFiles } from './call/file-facts.ts';
import type { ReadCall } from './call/intent-of-call.ts';
import { Pipeline } from './call/pipeline.ts';
import { RefusedIntents } from './call/refused-intents.ts';
import type { CallServices } from './call/services.ts';
import { systemClock } from './call/system-clock.ts';
import { exportEntry, type Listeners, quietly, tellOfEnd } from './call/tell.ts';
import type { LoadedConfig } from './config/load.ts';
import { ignoreRejection, isThenable } from './core/awaitable.ts';
import type { Clock } from './core/clock.ts';
import type { AuditEntry } from './core/entry.ts';
import type { Facts } from './core/facts.ts';
import type { WriterId } from './core/record.ts';
import { GUARD_VERSION } from './core/version.ts';
import { Freezer } from './freezer.ts';
import { GuardExporters } from './guard-exporters.ts';
import { configOf, type GuardOptions, statedApprovals } from './guard-options.ts';
import { compileInForce, type InForce } from './in-force.ts';
import { Journal } from './journal/journal.ts';
import { MetricsCounter } from './journal/metrics.ts';
import type { Limiter } from './limits/limiter.ts';
import type { Policy } from './policy/policy.ts';
import { RollbackDesk } from './rollback-desk.ts';
import { openStorage } from './storage.ts';
import type { Store } from './stores/store.ts';

/** How long a guard that is closed waits for tools that are running. */
const CLOSE_DEADLINE_MS = 5_000;

/** Which policy is in force, and what went wrong when it was last to be replaced. */
export interface PolicyStatus {
  readonly revision: string;
  readonly loadedAt: Date;
  /** Why the newest version of the files is not in force; `null` when it is. */
  readonly error: Error | null;
  /** How often a newer version of the files was put in force, and how often it could not be loaded. */
  readonly reloads: { readonly loaded: number; readonly failed: number };
}

/** Everything a guard consists of, put together once; the guard's methods are one line each on top of it. */
export class Runtime {
  readonly clock: Clock;
  readonly store: Store;
  readonly ledger = new AgentLedger();
  readonly pipeline = new Pipeline();
  readonly metrics = new MetricsCounter();
  readonly exporters: GuardExporters;
  readonly delegations: Delegations;
  readonly journal: Journal;
  readonly services: CallServices;
  readonly acts = new Acts();
  readonly freezer: Freezer;
  readonly desk: ApprovalDesk;
  readonly rollback: RollbackDesk;
  /** What ends with the guard, before anything else of it. */
  readonly beforeClose: (() => void | Promise<void>)[] = [];
  readonly #handlers = builtInHandlers();
  readonly #limiter: Limiter;
  readonly #writer: WriterId;
  readonly #digest: (text: string) => string;
  readonly #policies: readonly Policy[];
  readonly #mode: GuardOptions['mode'];
  /** Agents that the configuration registered, so that a reload can take them back. */
  #agentsOfFiles: readonly string[] = [];
  /** The configuration that was last applied whole. */
  #applied: LoadedConfig | null = null;
  #inForce: InForce;
  #closing: Promise<void> | undefined;
  /** The revision that the store has been given. */
  #kept = '';
  #status: PolicyStatus;

  /** Throws PolicyError and ConfigError for policies and settings that cannot be used. */
  constructor(options: GuardOptions, loaded: LoadedConfig | null) {
    this.clock = options.clock ?? systemClock;
    this.#policies = [options.policy ?? []].flat();
    this.#mode = options.mode;
    const config = loaded ?? configOf(options);
    this.#inForce = compileInForce(this.#policies, config, this.#handlers);
    const { id: revision } = this.#inForce.revision;
    const loadedAt = new Date(this.clock.now());
    this.#status = { revision, loadedAt, error: null, reloads: { loaded: 0, failed: 0 } };
    this.#writer = Object.freeze({ id: newActionId(), host: hostname(), pid: process.pid });
    const storage = openStorage({ options, config, writer: this.#writer, clock: this.clock });
    this.store = storage.store;
    this.#limiter = storage.limiter;
    this.#digest = storage.digest;
    this.exporters = new GuardExporters(options.exporters ?? [], this.clock);
    this.delegations = new Delegations(this.ledger, this.clock);
    this.journal = new Journal({
      store: this.store,
      writer: this.#writer,
      clock: this.clock,
      revision: () => this.#inForce.revision.id,
      keepPolicy: () => this.#keepPolicy(),
    });
    this.freezer = new Freezer({
      store: this.store,
      journal: this.journal,
      clock: this.clock,
      by: this.#writer.id,
      redactor: () => this.#inForce.redactor,
    });
    this.desk = new ApprovalDesk({
      ...{ store: this.store, journal: this.journal, clock: this.clock, writerId: this.#writer.id },
      redactor: () => this.#inForce.redactor,
      settings: () => this.#inForce,
      stated: statedApprovals(options),
    });
    this.rollback = new RollbackDesk({
      ...{ store: this.store, journal: this.journal, clock: this.clock, writerId: this.#writer.id },
      ...{ limiter: this.#limiter, metrics: this.metrics, registry: this.#handlers },
      redactor: () => this.#inForce.redactor,
      settings: () => this.#inForce.rollback,
    });
    this.#apply(config);
    for (const evaluator of options.evaluators ?? []) this.pipeline.add(evaluator);
    this.services = this.#makeServices(options);
  }

  get inForce(): InForce {
    return this.#inForce;
  }

  /** What is known when this intent is judged now; nothing is counted. */
  factsFor(read: ReadCall): Facts {
    const limits = this.#limiter.facts(limitCall(read.intent));
    if (isThenable(limits)) ignoreRejection(limits);
    return factsOf(isThenable(limits) ? NO_LIMIT_FACTS : limits, read, null, this.services);
  }

  get status(): PolicyStatus {
    return this.#status;
  }

  /** Puts a newly loaded configuration in force, whole; when it does not compile the last good one stays. */
  reload(loaded: LoadedConfig): void {
    const before = this.#inForce;
    try {
      this.#inForce = compileInForce(this.#policies, loaded, this.#handlers);
      this.#apply(loaded);
    } catch (error) {
      this.#inForce = before;
      this.#restore();
      this.reloadFailed(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    const { id: revision } = this.#inForce.revision;
    const { reloads: earlier } = this.#status;
    const reloads = { ...earlier, loaded: earlier.loaded + 1 };
    this.#status = { revision, loadedAt: new Date(this.clock.now()), error: null, reloads };
    this.#journalReload({ event: 'loaded', revision });
  }

  /** Notes that a newer version of the files could not be loaded. The last good policy stays in force. */
  reloadFailed(error: Error): void {
    const { loaded, failed } = this.#status.reloads;
    this.#status = { ...this.#status, error, reloads: { loaded, failed: failed + 1 } };
    const text = this.#inForce.redactor.forAction({}).text(error.message);
    this.#journalReload({ event: 'reload_failed', revision: this.#status.revision, error: text });
    process.emitWarning(
      `The policy in force stays, because its new version cannot be loaded: ${error.message}`,
      {
        type: 'PlyraGuardWarning',
        code: 'PLYRA_POLICY_RELOAD',
      },
    );
  }

  /** Takes back what a reload applied before it failed. */
  #restore(): void {
    this.pipeline.setBuiltIns(this.#inForce.evaluators);
    try {
      this.#apply(this.#applied);
    } catch {
      this.journal.countFailure();
    }
  }

  #apply(config: LoadedConfig | null): void {
    const settings = config?.hasSettings === true ? config.settings : null;
    this.#limiter.configure({
      rateLimits: settings?.rateLimits ?? null,
      budget: settings?.budget ?? null,
      maxActionsPerRun: (agentId) => this.ledger.get(agentId)?.maxActionsPerRun ?? null,
      isRegistered: (agentId) => this.ledger.has(agentId),
    });
    const agents = settings?.agents ?? [];
    for (const { id, trustLevel, canDelegateTo, maxActionsPerRun } of agents) {
      this.ledger.register(id, trustLevel, { canDelegateTo, maxActionsPerRun }, 'files');
    }
    const ids = agents.map(({ id }) => id);
    for (const id of this.#agentsOfFiles) if (!ids.includes(id)) this.ledger.unregister(id, 'files');
    this.#agentsOfFiles = ids;
    this.exporters.apply(config);
    this.#applied = config;
    this.pipeline.setBuiltIns(this.#inForce.evaluators);
  }

  #makeServices({ escalationHandler, sqlParser }: GuardOptions): CallServices {
    const { journal, pipeline, store, exporters } = this;
    const deliver = (entry: AuditEntry): void => exporters.deliver(entry);
    const listeners: Listeners = {
      ...{ journal, pipeline, store, limiter: this.#limiter },
      deliver: () => (exporters.isEmpty ? null : deliver),
    };
    return {
      clock: this.clock,
      newId: newActionId,
      now: () => this.clock.now(),
      kindsOf: (toolName) => this.#inForce.kindsOf(toolName),
      evaluators: () => this.pipeline.list,
      ledger: this.ledger,
      limiter: this.#limiter,
      journal: this.journal,
      approver: escalationHandler === undefined ? null : callbackApprover(escalationHandler),
      mode: () => this.#mode ?? this.#inForce.mode,
      approvals: this.desk.queue,
      approvalSettings: () => this.desk.manner,
      canAsk: () => this.desk.canAsk(escalationHandler !== undefined),
      refused: new RefusedIntents(),
      approvalTimeoutMs: () => this.desk.timeoutMs,
      executionTimeoutMs: () => this.#inForce.executionTimeoutMs,
      files: systemFiles(),
      parseSql: sqlParser ?? null,
      rollback: this.rollback.services,
      acts: this.acts,
      revision: () => this.#inForce.revision.id,
      frozen: () => this.freezer.frozen(),
      mayRunUnjournaled: () => this.#inForce.onStoreFailure === 'allow',
      redactor: () => this.#inForce.redactor,
      digest: this.#digest,
      guardVersion: GUARD_VERSION,
      counted: (intent, decision, ran) => this.metrics.count(intent, decision, ran),
      ended: (intent, outcome) => tellOfEnd(intent, outcome, listeners),
      written: (intent) => exportEntry(intent, listeners),
    };
  }

  /** Writes what is owed and what is gathered, and waits for exports and webhook messages under way. */
  async flush(): Promise<void> {
    await this.#write();
    await Promise.all([this.exporters.flush(), this.desk.announcer.flush()]);
  }

  async #write(): Promise<void> {
    await this.journal.settled();
    await this.journal.catchUp();
    await this.#limiter.flush();
  }

  /**
   * Lets nothing new run, waits for what is running (5 s at most), flushes and closes everything; what cannot be flushed
   * is thrown once the rest is closed.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const end of this.beforeClose) await end();
    this.desk.queue?.close();
    await this.acts.closeWithin(CLOSE_DEADLINE_MS, this.clock);
    try {
      await this.#write();
    } finally {
      await Promise.all([this.exporters.close(), this.desk.announcer.close()]);
      try {
        await this.#limiter.close();
      } finally {
        await this.store.close();
      }
    }
  }

  /** The policy in force is kept in the store before the first record names it. */
  #keepPolicy(): void {
    const { revision } = this.#inForce;
    const { id } = revision;
    if (id === this.#kept) return;
    const kept = this.store.keepPolicy(revision.describe(this.#inForce.redactor));
    if (isThenable(kept)) kept.then(undefined, () => this.journal.countFailure());
    this.#kept = id;
  }

  #journalReload(body: Readonly<Record<string, unknown>>): void {
    quietly(this.journal, () => this.journal.append('policy', `policy:${newActionId()}`, () => body));
  }
}
