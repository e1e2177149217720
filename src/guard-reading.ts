import { currentContext } from './call/context.ts';
import { type ReadCall, readInput } from './call/intent-of-call.ts';
import type { CallServices } from './call/services.ts';
import { ARGUMENT_KINDS, type ArgumentKind, isArgumentKind } from './core/argument-kind.ts';
import { type Awaitable, ignoreRejection, isThenable } from './core/awaitable.ts';
import { ConfigError, ConfigSchemaError } from './core/errors.ts';
import type { ActionIntentInput } from './core/intent.ts';
import type { Outcome } from './core/verdict.ts';
import type { AuditFilter } from './stores/store.ts';

/** Which calls `history()` returns. */
export interface HistoryFilter {
  /** Default 100. */
  readonly limit?: number | undefined;
  readonly outcome?: Outcome | undefined;
  readonly toolName?: string | undefined;
  readonly since?: Date | string | undefined;
}

/** What a bare string is; by default it goes by how the string begins, else it is text. */
export interface ReadAs {
  readonly as?: ArgumentKind | undefined;
}

/** An intent as it was given to the guard. Throws ConfigSchemaError for what is none. */
export function readIntent(intent: unknown, services: CallServices, { as }: ReadAs = {}): ReadCall {
  if (as !== undefined && !isArgumentKind(as)) {
    throw new ConfigSchemaError(`\`as\` is one of ${ARGUMENT_KINDS.join(', ')}, not ${String(as)}.`);
  }
  if (
    typeof intent === 'string' ||
    (typeof intent === 'object' && intent !== null && !Array.isArray(intent))
  ) {
    return readInput(intent as string | ActionIntentInput, currentContext(), services, as);
  }
  throw new ConfigSchemaError('An intent is a string, or an object with at least an `actionType`.');
}

/** The same filter in the journal's words. */
export function auditFilter({ limit, outcome, toolName, since }: HistoryFilter): AuditFilter {
  return { limit, outcome, toolName, fromTime: since };
}

/** An answer that is there. Throws ConfigError for one that comes later, and names the method that waits. */
export function now<T>(answer: Awaitable<T>, method: string): T {
  if (isThenable(answer)) {
    ignoreRejection(answer);
    throw new ConfigError(`This guard's store answers later; use \`${method}Async\`.`);
  }
  return answer as T;
}
