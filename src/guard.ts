import type { AgentOptions } from './agents/ledger.ts';
import { Approvals } from './approvals-of-guard.ts';
import { type CallContext, withUserContext } from './call/context.ts';
import { driveAsync } from './call/drive-async.ts';
import { driveSync } from './call/drive-sync.ts';
import type { EvaluatorPlace } from './call/pipeline.ts';
import { judgeFresh } from './call/steps.ts';
import { makeWrap, type Protect, type Wrap } from './call/wrap-tools.ts';
import { type LoadedConfig, loadConfig } from './config/load.ts';
import { watchConfig } from './config/watch.ts';
import { type ActionRecord, actionRecordOf } from './core/action-record.ts';
import type { Awaitable } from './core/awaitable.ts';
import type { AuditEntry } from './core/entry.ts';
import { ConfigError, ConfigValidationError } from './core/errors.ts';
import { messageOf } from './core/evaluate.ts';
import type { Evaluator } from './core/evaluator.ts';
import type { ActionIntentInput } from './core/intent.ts';
import type { TrustLevel } from './core/levels.ts';
import type { EvaluationResult } from './core/result.ts';
import { explainDecision } from './explain/explain.ts';
import { drawPipeline } from './explain/pipeline.ts';
import { type PolicyTestResult, testSnippet, untestable } from './explain/test-policy.ts';
import { timed } from './explain/timing.ts';
import type { Exporter } from './exporters/exporter.ts';
import { type GuardOptions, readGuardOptions } from './guard-options.ts';
import { auditFilter, type HistoryFilter, now, type ReadAs, readIntent } from './guard-reading.ts';
import type { GuardMetrics } from './journal/metrics.ts';
import type { RestorePlan } from './rollback/conflicts.ts';
import type { RollbackHandler } from './rollback/handler.ts';
import type {
  RollbackAllOptions,
  RollbackLastOptions,
  RollbackOptions,
  RollbackReport,
} from './rollback/report.ts';
import { type PolicyStatus, Runtime } from './runtime.ts';
import { noteRuntime } from './runtime-of.ts';
import type { ServeOptions } from './serve-guard.ts';
import type { RunningSidecar } from './sidecar/listen.ts';
import type { AuditFilter } from './stores/store.ts';

/** The guard: judges every call of the tools it wraps, in this process, before they run. */
export class ActionGuard implements AsyncDisposable {
  /** Guards tools: a function, a list, a record; options first or last; `@guard.wrap` on a method. */
  readonly wrap: Wrap;
  /** Guards a function, or a method as `@guard.protect(...)`, as an action of a given type. */
  readonly protect: Protect;
  /** Requests that people decide on, and what they granted. */
  readonly approvals: Approvals;
  readonly #runtime: Runtime;

  /**
   * Without an argument the same as {@link ActionGuard.default}; options without `policy` and `config` keep its policy.
   * Throws ConfigSchemaError for an argument that is neither options nor a config, and ConfigError or PolicyError
   * for contents that cannot be used.
   */
  constructor(options?: GuardOptions | GuardOptions['config'], loaded: LoadedConfig | null = null) {
    const given = options === undefined ? {} : readGuardOptions(options);
    this.#runtime = noteRuntime(this, new Runtime(given, loaded));
    const { wrap, protect } = makeWrap(this.#runtime.services, () => this.#runtime.store.remote);
    this.wrap = wrap;
    this.protect = protect;
    this.approvals = new Approvals(() => this.#runtime.desk.queue);
  }

  /** A guard with the built-in policy: dangerous calls are refused, everything else is allowed. */
  static default(): ActionGuard {
    return new ActionGuard();
  }

  /**
   * A guard that judges by YAML files; several are layers, of which the worst verdict wins. With `watch` a changed
   * file is put in force as soon as it loads; until then the last good one stays.
   * Throws ConfigFileNotFoundError, ConfigSchemaError and ConfigValidationError with file, line and column.
   */
  static fromConfig(
    path: string | readonly string[],
    options: GuardOptions & { readonly watch?: boolean | undefined } = {},
  ): ActionGuard {
    const { watch, ...rest } = options;
    if (rest.config !== undefined) {
      throw new ConfigError('`fromConfig` reads its settings from files; `config` cannot stand beside them.');
    }
    const guard = new ActionGuard(rest, loadConfig(path));
    if (watch === true) {
      const runtime = guard.#runtime;
      const watcher = watchConfig(
        typeof path === 'string' ? [path] : path,
        (loaded) => runtime.reload(loaded),
        (error) => runtime.reloadFailed(error),
      );
      runtime.beforeClose.push(() => watcher.close());
    }
    return guard;
  }

  /** Judges without running anything: no quota is used, nothing is written. A promise from an evaluator blocks. */
  evaluate(intent: string | ActionIntentInput, options?: ReadAs): EvaluationResult {
    const { services } = this.#runtime;
    return driveSync(
      judgeFresh(readIntent(intent, services, options), null, services),
      services.clock,
    ) as EvaluationResult;
  }

  /** Like {@link ActionGuard.evaluate}, and waits for evaluators that answer later. */
  async evaluateAsync(intent: string | ActionIntentInput, options?: ReadAs): Promise<EvaluationResult> {
    const { services } = this.#runtime;
    return driveAsync(judgeFresh(readIntent(intent, services, options), null, services), services.clock);
  }

  /** Which evaluators ran, with verdict, time and reason; which rule decided and why; how to fix it. */
  explain(intent: string | ActionIntentInput, options?: ReadAs): string {
    const { read, services, timings, sources } = this.#trace(intent, options);
    const decision = driveSync(judgeFresh(read, null, services), services.clock) as EvaluationResult;
    return explainDecision(read.intent, decision, timings, sources);
  }

  /** Like {@link ActionGuard.explain}, and waits for evaluators that answer later. */
  async explainAsync(intent: string | ActionIntentInput, options?: ReadAs): Promise<string> {
    const { read, services, timings } = this.#trace(intent, options);
    return explainDecision(
      read.intent,
      await driveAsync(judgeFresh(read, null, services), services.clock),
      timings,
    );
  }

  /** Judges an intent by a YAML snippet alone (rules or policies), showing what its condition saw. Never throws. */
  testPolicy(yamlSnippet: string, intent: string | ActionIntentInput): PolicyTestResult {
    const { services } = this.#runtime;
    try {
      const read = readIntent(intent, services);
      if (read.problem !== null) return untestable(`The arguments cannot be read: ${read.problem}.`);
      const facts = this.#runtime.factsFor(read);
      return testSnippet(yamlSnippet, read.intent, facts, () => services.clock.monotonic());
    } catch (error) {
      return untestable(messageOf(error));
    }
  }

  /** The evaluators in order, as a drawing in text. */
  visualizePipeline(): string {
    const { pipeline, inForce, services } = this.#runtime;
    return drawPipeline(pipeline.list, inForce.layers, services.mode());
  }

  /** The newest calls first, as records. Throws ConfigError on a store that answers later: use `historyAsync`. */
  history(filter: HistoryFilter = {}): ActionRecord[] {
    return now(this.#runtime.store.entries(auditFilter(filter)), 'history').map(actionRecordOf);
  }

  /** Like {@link ActionGuard.history}, on any store. */
  async historyAsync(filter: HistoryFilter = {}): Promise<ActionRecord[]> {
    return (await this.#runtime.store.entries(auditFilter(filter))).map(actionRecordOf);
  }

  /** The newest entries first. Throws ConfigError on a store that answers later: use `getAuditLogAsync`. */
  getAuditLog(filter: AuditFilter = {}): AuditEntry[] {
    return now(this.#runtime.store.entries(filter), 'getAuditLog');
  }

  /** Like {@link ActionGuard.getAuditLog}, on any store. */
  async getAuditLogAsync(filter: AuditFilter = {}): Promise<AuditEntry[]> {
    return this.#runtime.store.entries(filter);
  }

  /** This instance's counters. */
  getMetrics(): GuardMetrics {
    const { metrics, desk, exporters } = this.#runtime;
    return metrics.read(desk.announcer.counts, exporters.counts);
  }

  /** The policy in force, and why a newer version of its files is not. */
  policyStatus(): PolicyStatus {
    return this.#runtime.status;
  }

  /** Hands every finished action to `exporter` from now on. What it throws is counted and changes no decision. */
  addExporter(exporter: Exporter): void {
    this.#runtime.exporters.add(exporter);
  }

  /** Adds an evaluator; default place: the end. Throws ConfigValidationError for a taken name or an unknown place. */
  addEvaluator(evaluator: Evaluator, place: EvaluatorPlace = {}): void {
    this.#runtime.pipeline.add(evaluator, place);
  }

  /** Removes an evaluator, built-in or not. Throws ConfigValidationError when there is none of that name. */
  removeEvaluator(name: string): void {
    this.#runtime.pipeline.remove(name);
  }

  /**
   * Makes an agent known, with its trust (0–1, or a TrustLevel). From the first one on, unknown agents have trust 0.
   * Throws ConfigValidationError for a trust that is none.
   */
  registerAgent(agentId: string, trustLevel: number | TrustLevel, options: AgentOptions = {}): void {
    this.#runtime.ledger.register(agentId, trustLevel, options);
  }

  /** Runs `fn` with agent, task, session and so on set for every guarded call in it, across awaits. */
  withContext<T>(context: CallContext, fn: () => T): T {
    return withUserContext(context, fn);
  }

  /** Runs `fn` as part of a task; the same as `withContext({ taskId, agentId }, fn)`. */
  setTaskContext<T>(taskId: string, agentId: string, fn: () => T): T {
    return withUserContext({ taskId, agentId }, fn);
  }

  /** Runs `fn` on behalf of another agent: one more hop in the chain. Throws AgentNotRegisteredError for an unknown one. */
  delegate<T>(agentId: string, instruction: string, fn: () => T): T {
    return this.#runtime.delegations.run(agentId, instruction, fn);
  }

  /**
   * Undoes one action: true once it is as it was before; false where it was undone before. Rejects with
   * SnapshotNotFoundError, RollbackHandlerNotFoundError, or RollbackFailedError, as where somebody changed it since.
   */
  rollback(actionId: string, options?: RollbackOptions): Promise<boolean> {
    return this.#runtime.rollback.coordinator.rollback(actionId, options);
  }

  /**
   * Undoes the last `n` actions that can be undone, newest first: which of them were. Of all agents and processes on the
   * store, unless `agentId` says otherwise. Never rejects for one of them.
   */
  rollbackLast(n = 1, options: RollbackLastOptions = {}): Promise<boolean[]> {
    return this.#runtime.rollback.coordinator.rollbackLast(n, options);
  }

  /** Undoes the actions of a task, of whichever agents, the one that ran last first. */
  rollbackTask(taskId: string, options: RollbackAllOptions = {}): Promise<RollbackReport> {
    return this.#runtime.rollback.coordinator.rollbackTask(taskId, options);
  }

  /** What undoing an action would change, and what somebody changed since; `null` where it was undone before. */
  rollbackPlan(actionId: string): Promise<RestorePlan | null> {
    return this.#runtime.rollback.coordinator.plan(actionId);
  }

  /** Has a handler undo actions of a type (a glob). Throws ConfigValidationError for what is no handler. */
  registerRollbackHandler(actionType: string, handler: RollbackHandler): void {
    this.#runtime.rollback.registry.register(actionType, handler);
  }

  /** Serves its store over HTTP until it is closed: see docs/sidecar.md. Throws SidecarStartupError where it cannot. */
  async serve(options: ServeOptions = {}): Promise<RunningSidecar> {
    return (await import('./serve-guard.ts')).serveGuard(this, options);
  }

  /** Resolves once the store can be used, and rollbacks that a process did not finish are finished. */
  async ready(): Promise<void> {
    await this.#runtime.store.entries({ limit: 1 });
    await this.#runtime.rollback.recover();
  }

  /**
   * Refuses every call from now on, in every process on the store, until {@link ActionGuard.unfreeze}. Throws when
   * that cannot be stored; on a store that answers later await it.
   */
  freeze(reason: string): Awaitable<void> {
    if (typeof reason !== 'string' || reason.trim() === '') {
      throw new ConfigValidationError('Say why: `guard.freeze(reason)` shows the reason in every refusal.');
    }
    return this.#runtime.freezer.freeze(reason);
  }

  /** Lifts a freeze, whoever froze; without one nothing happens but a record. */
  unfreeze(): Awaitable<void> {
    return this.#runtime.freezer.unfreeze();
  }

  /** Writes what is still owed to the journal and waits for exports and webhook messages under way. */
  async flush(): Promise<void> {
    await this.#runtime.flush();
  }

  /** Flushes, stops watching files, and closes the store. */
  async close(): Promise<void> {
    await this.#runtime.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #trace(intent: string | ActionIntentInput, options?: ReadAs) {
    const { services } = this.#runtime;
    const { evaluators, timings } = timed(services.evaluators(), () => services.clock.monotonic());
    const timedServices = { ...services, evaluators: () => evaluators };
    const read = readIntent(intent, services, options);
    const sources = {
      layers: this.#runtime.inForce.layers,
      facts: () => this.#runtime.factsFor(read),
    };
    return { read, services: timedServices, timings, sources };
  }
}
