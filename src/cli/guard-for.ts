import type { LoadedConfig } from '../config/load.ts';
import { ActionGuard } from '../guard.ts';

/**
 * A guard for dry runs. It says ESCALATE where a person has to be asked, as it does in a program that has somebody
 * to ask; nobody is, as nothing runs.
 */
export function guardFor(loaded: LoadedConfig): ActionGuard {
  return new ActionGuard({ escalationHandler: () => false }, loaded);
}
