import { builtInHandlers } from '../../built-in-handlers.ts';
import { newActionId } from '../../call/action-id.ts';
import { systemClock } from '../../call/system-clock.ts';
import type { AuditEntry } from '../../core/entry.ts';
import { SnapshotNotFoundError } from '../../core/errors.ts';
import { printable } from '../../explain/printable.ts';
import { SqliteLimiter } from '../../limits/sqlite.ts';
import { RollbackCoordinator } from '../../rollback/coordinator.ts';
import type { HandlerRegistry } from '../../rollback/registry.ts';
import type { SqliteStore } from '../../stores/sqlite.ts';
import { messageOf } from '../error-json.ts';
import { type JournalPlace, journalFile } from '../journal-file.ts';
import { type OpenStore, openStore, whoAmI } from '../open-store.ts';
import { say } from '../output.ts';
import { onlyOne, readId } from '../part-of-id.ts';

/** A journal's snapshots, as a person goes back to them. */
export interface RollbackDesk {
  readonly store: SqliteStore;
  readonly registry: HandlerRegistry;
  readonly coordinator: RollbackCoordinator;
}

/** How many actions without a snapshot are searched for an id that is not whole. */
const MOST_SEARCHED = 10_000;

/** Opens a journal for `work`, and closes it behind it. Throws what the journal, or `work`, throws. */
export async function atRollbackDesk<T>(
  place: JournalPlace,
  work: (desk: RollbackDesk) => Promise<T>,
): Promise<T> {
  const opened = openStore(journalFile(place));
  const { store, draft, redacted } = opened;
  const registry = builtInHandlers();
  const limiter = limiterOf(opened);
  const coordinator = new RollbackCoordinator({
    ...{ snapshots: store.snapshots, registry, clock: systemClock, newId: newActionId },
    writerId: draft('decided', {}).writer.id,
    by: whoAmI(),
    draft: (kind, actionId, body) => ({ ...draft(kind, {}), actionId, body }),
    redact: redacted,
    entry: (actionId) => store.entry(actionId),
    entries: (filter) => store.entries(filter),
    ended: (entry, succeeded) => {
      if (succeeded) giveBack(limiter, entry);
    },
  });
  try {
    return await work({ store, registry, coordinator });
  } finally {
    store.close();
  }
}

/** Of a run without a session nobody but the guard that it ran in knows what was spent. */
function limiterOf({ store, draft }: OpenStore): SqliteLimiter {
  return new SqliteLimiter({
    database: store.database,
    writerId: draft('decided', {}).writer.id,
    enter: () => store.enter(),
    now: () => systemClock.monotonic(),
  });
}

/** Nothing that goes wrong here undoes the undoing. */
function giveBack(limiter: SqliteLimiter, entry: AuditEntry): void {
  if (!(entry.estimatedCost > 0)) return;
  try {
    limiter.credit(entry, entry.estimatedCost);
  } catch (error) {
    say(`The money of ${printable(entry.actionId)} could not be given back: ${printable(messageOf(error))}`);
  }
}

/** The id of an action, given whole or by its first or last characters. Throws SnapshotNotFoundError where there is none. */
export function findAction({ store }: RollbackDesk, written: string): string {
  // Ids of actions that were not made by a guard may be short, or have capital letters.
  if (store.entry(written) !== undefined) return written;
  const part = readId(written);
  const undoable = store.snapshots.list({ limit: Number.POSITIVE_INFINITY });
  const others = store.entries({ limit: MOST_SEARCHED });
  const ids = new Set([...undoable, ...others].map(({ actionId }) => actionId));
  const found = onlyOne(
    part,
    [...ids].map((id) => ({ id })),
    'action',
  );
  if (found !== undefined) return found.id;
  throw new SnapshotNotFoundError(`There is no action ${printable(written)} in this journal.`, {
    actionId: written,
  });
}
