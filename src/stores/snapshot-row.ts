import { sortedJson } from '../core/canonical.ts';
import type { ItemStates, Snapshot, SnapshotAsk, SnapshotState } from '../core/snapshot.ts';
import {
  jsonIn,
  nameColumn,
  numberIn,
  optionalNameColumn,
  optionalTextIn,
  type Row,
  textIn,
  textsIn,
  timeIn,
  unreadable,
  wordIn,
} from './columns.ts';

const STATES = Object.freeze(['captured', 'restoring', 'rolled_back'] as const satisfies SnapshotState[]);

/** A snapshot as a row, without its position: times are epoch milliseconds, what has members is JSON. */
export function rowOfSnapshot(
  snapshot: SnapshotAsk & Pick<Snapshot, 'after' | 'state' | 'restoringBy'>,
): Row {
  return {
    id: nameColumn('snapshot id', snapshot.id),
    action_id: nameColumn('action id', snapshot.actionId),
    handler: nameColumn('handler', snapshot.handler),
    action_type: nameColumn('action type', snapshot.actionType),
    tool_name: nameColumn('tool name', snapshot.toolName),
    agent_id: nameColumn('agent id', snapshot.agentId),
    task_id: optionalNameColumn('task id', snapshot.taskId),
    session_id: optionalNameColumn('session id', snapshot.sessionId),
    captured_at: Math.trunc(snapshot.capturedAt.getTime()),
    data: jsonText(snapshot.data),
    before_act: snapshot.before === null ? null : jsonText(snapshot.before),
    after_act: snapshot.after === null ? null : jsonText(snapshot.after),
    blobs: sortedJson(snapshot.blobs),
    bytes: snapshot.bytes,
    state: snapshot.state,
    restoring_by: optionalNameColumn('writer id', snapshot.restoringBy),
  };
}

/** The snapshot of a row. Throws for one that cannot be read: nothing can be undone by it. */
export function snapshotOfRow(row: Row): Snapshot {
  try {
    return Object.freeze({
      position: numberIn(row, 'position'),
      id: textIn(row, 'id'),
      actionId: textIn(row, 'action_id'),
      handler: textIn(row, 'handler'),
      actionType: textIn(row, 'action_type'),
      toolName: textIn(row, 'tool_name'),
      agentId: textIn(row, 'agent_id'),
      taskId: optionalTextIn(row, 'task_id'),
      sessionId: optionalTextIn(row, 'session_id'),
      capturedAt: timeIn(row, 'captured_at'),
      data: jsonIn(row, 'data'),
      before: statesIn(row, 'before_act'),
      after: statesIn(row, 'after_act'),
      blobs: textsIn(row, 'blobs'),
      bytes: numberIn(row, 'bytes'),
      state: wordIn(row, 'state', STATES),
      restoringBy: optionalTextIn(row, 'restoring_by'),
    });
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new Error(`The snapshot ${String(row.id)} cannot be read: ${what}.`, { cause: error });
  }
}

/** In the order of its members, which is the handler's own. */
function jsonText(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new Error('A snapshot holds JSON values only.');
  return text;
}

function statesIn(row: Row, column: string): ItemStates | null {
  if (row[column] === null) return null;
  const states = jsonIn(row, column);
  if (typeof states !== 'object' || states === null || Array.isArray(states)) unreadable(column);
  // Without a prototype: an item may have any name.
  const read: Record<string, string> = Object.create(null);
  for (const [item, state] of Object.entries(states)) {
    read[item] = typeof state === 'string' ? state : unreadable(column);
  }
  return Object.freeze(read);
}
