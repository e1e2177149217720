import type { AuditEntry } from '../core/entry.ts';
import { RollbackHandlerNotFoundError, SnapshotNotFoundError } from '../core/errors.ts';
import type { Snapshot } from '../core/snapshot.ts';

/** Whether an action's tool was let run. */
export function hasRun({ state }: AuditEntry): boolean {
  return state !== 'refused' && state !== 'waiting';
}

const IRREVERSIBLE = 'irreversible:';

/** Why an action that ran cannot be undone. */
export function whyNot({ labels, actionType }: AuditEntry): string {
  const label = labels.find((one) => one.startsWith(IRREVERSIBLE));
  if (label !== undefined) return `It cannot be undone: ${label.slice(IRREVERSIBLE.length).trim()}`;
  return `Nothing was captured before it ran: no rollback handler is for ${actionType}, or it changes nothing`;
}

/** The error for an action that cannot be gone back on. */
export function notFound(actionId: string, why: string): SnapshotNotFoundError {
  return new SnapshotNotFoundError(
    `The action ${actionId} cannot be rolled back. ${why.replace(/\.$/, '')}.`,
    { actionId },
  );
}

/** The error for a snapshot of a handler that this program does not have. */
export function noHandler({ actionId, handler, actionType }: Snapshot): RollbackHandlerNotFoundError {
  return new RollbackHandlerNotFoundError(
    `The action ${actionId} was captured by the rollback handler ${handler}, which is not registered here: ` +
      `\`guard.registerRollbackHandler('${actionType}', …)\` in the program that undoes it.`,
    { actionId, handler },
  );
}
