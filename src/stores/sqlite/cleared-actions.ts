import type { SqlDatabase } from '../database.ts';

/** An action that was journaled behind a position, if at all. */
export interface ActionSince {
  readonly actionId: string;
  /** 0: anywhere. */
  readonly afterPosition: number;
}

const OLDEST = 'SELECT min(position) AS position FROM journal';
/** One pass: the journal has no index on actions. A body that nobody can read may have cleared the action. */
const CLEARED = `SELECT DISTINCT action_id FROM journal
  WHERE position > ? AND action_id IN (SELECT value FROM json_each(?))
    AND (kind IN ('done', 'failed') OR kind = 'decided' AND
      CASE WHEN json_valid(body) THEN coalesce(json_extract(body, '$.state'), '') ELSE '' END
        NOT IN ('refused', 'waiting'))`;

/**
 * The ids of those whose tool was cleared to run, as far as it is journaled behind the least of their positions, and of
 * those of which that may have been pruned. Throws what the database says.
 */
export function clearedAmong(database: SqlDatabase, actions: readonly ActionSince[]): ReadonlySet<string> {
  const after = actions.reduce(
    (least, { afterPosition }) => Math.min(least, afterPosition),
    Number.POSITIVE_INFINITY,
  );
  if (after === Number.POSITIVE_INFINITY) return new Set();
  const ids = JSON.stringify(actions.map(({ actionId }) => actionId));
  const cleared = new Set(
    database
      .prepare(CLEARED)
      .all(after, ids)
      .map(({ action_id }) => String(action_id)),
  );
  // Asked last: what was pruned meanwhile is then taken into account.
  const oldest = Number(database.prepare(OLDEST).get()?.position ?? 1);
  for (const { actionId, afterPosition } of actions) {
    if (afterPosition + 1 < oldest) cleared.add(actionId);
  }
  return cleared;
}
