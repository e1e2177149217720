import type { LoadedConfig } from '../config/load.ts';
import { ActionGuard } from '../guard.ts';

/**
 * A guard for dry runs. It says ESCALATE where a person has to be asked, as it does in a program that has somebody
 * to ask; nobody is, as nothing runs. It keeps to memory: what is only tried out has no place in the user's journal.
 */
export function guardFor(loaded: LoadedConfig): ActionGuard {
  return new ActionGuard({ escalationHandler: () => false, snapshotPath: null }, loaded);
}
