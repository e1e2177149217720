import { newActionId } from './call/action-id.ts';
import type { RollbackServices } from './call/services.ts';
import { quietly } from './call/tell.ts';
import type { RollbackSettings } from './config/settings.ts';
import type { Clock } from './core/clock.ts';
import type { AuditEntry } from './core/entry.ts';
import { ConfigError } from './core/errors.ts';
import type { Redactor } from './core/redact.ts';
import type { Journal } from './journal/journal.ts';
import type { MetricsCounter } from './journal/metrics.ts';
import type { Limiter } from './limits/limiter.ts';
import { RollbackCoordinator } from './rollback/coordinator.ts';
import type { HandlerRegistry } from './rollback/registry.ts';
import type { Store } from './stores/store.ts';

/** What the desk needs of the guard. */
export interface RollbackDeskOptions {
  readonly store: Store;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly writerId: string;
  readonly limiter: Limiter;
  readonly registry: HandlerRegistry;
  readonly metrics: MetricsCounter;
  readonly redactor: () => Redactor;
  readonly settings: () => RollbackSettings;
}

/** How this guard's actions are made undoable, and undone. */
export class RollbackDesk {
  readonly registry: HandlerRegistry;
  /** What calls need; `null` where the store keeps no snapshots. */
  readonly services: RollbackServices | null;
  readonly #coordinator: RollbackCoordinator | null;
  readonly #options: RollbackDeskOptions;
  #recovering: Promise<void> | undefined;

  constructor(options: RollbackDeskOptions) {
    this.#options = options;
    const { store, journal, clock, writerId, redactor, registry } = options;
    this.registry = registry;
    const { snapshots } = store;
    if (snapshots === undefined) {
      this.services = null;
      this.#coordinator = null;
      return;
    }
    this.services = {
      registry,
      snapshots,
      settings: options.settings,
      newId: newActionId,
      now: () => clock.now(),
    };
    this.#coordinator = new RollbackCoordinator({
      ...{ snapshots, clock, writerId, registry, newId: newActionId, by: writerId },
      draft: (kind, actionId, body) => journal.draft(kind, actionId, body),
      redact: (text) => redactor().forAction({}).text(text),
      entry: (actionId) => store.entry(actionId),
      entries: (filter) => store.entries(filter),
      ended: (entry, succeeded) => this.#ended(entry, succeeded),
    });
  }

  /** Throws ConfigError where the store keeps no snapshots. */
  get coordinator(): RollbackCoordinator {
    if (this.#coordinator !== null) return this.#coordinator;
    throw new ConfigError(
      `The store \`${this.#options.store.name}\` keeps no snapshots, so nothing can be undone.`,
    );
  }

  /** Finishes, once, what processes that are gone had begun to undo. */
  recover(): Promise<void> {
    this.#recovering ??= this.#recover();
    return this.#recovering;
  }

  async #recover(): Promise<void> {
    const problems = (await this.#coordinator?.recover()) ?? [];
    for (const problem of problems) {
      process.emitWarning(`A rollback that was broken off could not be finished. ${problem}`, {
        type: 'PlyraGuardWarning',
        code: 'PLYRA_ROLLBACK_BROKEN_OFF',
      });
    }
  }

  /** The money of what was undone is given back; nothing that goes wrong here undoes the undoing. */
  #ended(entry: AuditEntry, succeeded: boolean): void {
    const { metrics, journal, limiter } = this.#options;
    metrics.countRollback(succeeded);
    if (!succeeded || !(entry.estimatedCost > 0)) return;
    quietly(journal, () => limiter.credit?.(entry, entry.estimatedCost));
  }
}
