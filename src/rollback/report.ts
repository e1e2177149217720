import type { AuditEntry } from '../core/entry.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { RestorePlan } from './conflicts.ts';

/** What became of undoing the actions of a task. Actions are named by their ids. */
export interface RollbackReport {
  readonly taskId: string;
  /** Actions of the task that ran. */
  readonly totalActions: number;
  /** In the order in which they were undone: the one that ran last comes first. */
  readonly rolledBack: readonly string[];
  readonly failed: readonly string[];
  /** Undone before, or nothing was captured of them, or left out after a failure. */
  readonly skipped: readonly string[];
  /** Why an action failed or was skipped. */
  readonly reasons: Readonly<Record<string, string>>;
  /** True where none failed and at least one was rolled back. */
  readonly success: boolean;
}

/** What undoing an action would come to. */
export interface RollbackPreview {
  readonly actionId: string;
  /** `undefined` for an action that the journal does not know. */
  readonly entry: AuditEntry | undefined;
  /** `null` where there is none to go back to. */
  readonly snapshot: Snapshot | null;
  /** `null` where nothing would be restored. */
  readonly plan: RestorePlan | null;
  /** `done`: it was undone before. `impossible`: there is nothing to go back to. `fails`: it cannot be undone now. */
  readonly outcome: 'works' | 'done' | 'impossible' | 'fails';
  /** Why it would not be undone; `null` where it would. */
  readonly why: string | null;
}

/** How actions are undone. */
export interface RollbackOptions {
  /** Says what would happen, and changes nothing. Default false. */
  readonly dryRun?: boolean | undefined;
  /** Puts back what was there before also where somebody changed it since; their changes are lost. Default false. */
  readonly force?: boolean | undefined;
}

/** Who asks for it, as the journal names them. Default: the guard that undoes. */
export interface Asker {
  readonly by?: string | undefined;
}

/** How several actions are undone. */
export interface RollbackAllOptions extends RollbackOptions {
  /** Whether those that ran earlier are undone after one failed. Default `continue`. */
  readonly onFailure?: 'stop' | 'continue' | undefined;
}

/** Which actions are undone. */
export interface RollbackLastOptions extends RollbackAllOptions {
  /** Only actions of this agent. Default: of all agents and processes on the store. */
  readonly agentId?: string | undefined;
}
