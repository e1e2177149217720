import { ActionGuard, Policy } from '../../../src/index.ts';
import { fileHandler } from '../../../src/rollback/file.ts';
import { callOfOperation, type Operation, perform } from './operations.ts';

/** The task that all operations belong to. */
export const TASK = 'wreck';

const ALLOW = new Policy({ rules: [], defaultAction: 'allow' });

/** A guard whose tools work on files, and can be undone. */
export function guardOf(snapshotPath: string | null): ActionGuard {
  const guard = new ActionGuard({ policy: ALLOW, snapshotPath });
  guard.registerRollbackHandler('file.*', fileHandler());
  return guard;
}

/** Performs an operation through the guard, in the task. The tool may throw; that the guard does is an error of its own. */
export function performGuarded(guard: ActionGuard, folder: string, one: Operation): void {
  const [actionType, parameters] = callOfOperation(folder, one);
  let isRunning = false;
  const tool = guard.wrap(
    (_: Record<string, unknown>) => {
      isRunning = true;
      perform(folder, one);
    },
    { actionType },
  );
  try {
    guard.withContext({ taskId: TASK }, () => tool(parameters));
  } catch (error) {
    if (!isRunning) throw error;
  }
}
