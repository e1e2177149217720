import type { DecidedBody, FinishedBody } from '../core/entry.ts';
import type { JournalRecord } from '../core/record.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { GUARD_VERSION } from '../core/version.ts';
import type { RestoreNote } from './handler.ts';

/** An undoing, as it is journaled: an action of its own, and a remark on the action that is undone. */
export interface Undoing {
  /** Of the undoing itself. */
  readonly actionId: string;
  readonly snapshot: Snapshot;
  readonly force: boolean;
  /** Who asked for it. */
  readonly by: string;
  readonly begun: Date;
}

/** The body of the record that an undoing begins with. */
export function begunBody({ actionId, snapshot, force, by, begun }: Undoing): JournalRecord['body'] {
  const { agentId, taskId, sessionId, actionType, toolName } = snapshot;
  const body: DecidedBody = {
    ...{ actionId, agentId, taskId, sessionId, parentActionId: snapshot.actionId, timestamp: begun },
    ...{ actionType: 'rollback', toolName: 'rollback', intent: `roll back ${toolName} (${actionType})` },
    ...{ verdict: 'ALLOW', outcome: 'ALLOW', state: 'running', mode: 'enforce', wouldVerdict: null },
    reason: force ? 'Rolled back by force: changes made since are overwritten.' : 'Rolled back on request.',
    ...{ ruleName: null, policyTriggered: null, spelling: null, evaluatorResults: [], instructionChain: [] },
    parameters: { action_id: snapshot.actionId, snapshot_id: snapshot.id, handler: snapshot.handler, force },
    ...{ riskScore: 0, riskLevel: 'LOW', estimatedCost: 0, latencyMs: 0, elapsedMs: 0, durationMs: 0 },
    ...{
      principal: by,
      tags: [],
      labels: force ? ['forced'] : [],
      callId: null,
      framework: null,
      traceId: null,
    },
    ...{ approvalId: null, grantId: null, snapshotId: null, reversible: false, rolledBack: false },
    ...{ result: null, error: null, digest: '', guardVersion: GUARD_VERSION },
  };
  return { ...body };
}

/** How an undoing ended. */
export interface UndoingEnd {
  readonly elapsedMs: number;
  /** Why it failed, without secrets; `null` where it worked. */
  readonly error: string | null;
  /** What its handler had to say of it. */
  readonly noted: Noted | null;
}

/** What a handler had to say of a restore, fit to be journaled. */
export type Noted = RestoreNote['noted'];

/** The body of the record that an undoing ends with. */
export function endedBody({ elapsedMs, error, noted }: UndoingEnd): JournalRecord['body'] {
  const rounded = Math.round(elapsedMs * 1000) / 1000;
  const body: FinishedBody = {
    outcome: error === null ? 'ALLOW' : 'ERROR',
    ...{ durationMs: rounded, elapsedMs: rounded, result: noted ?? error === null, error },
  };
  return { ...body };
}

const MOST_FIELDS = 20;
const MOST_CHARACTERS = 1_000;

/** What of a restore's answer is journaled; `null` for an answer without a note. Never throws. */
export function notedIn(answer: unknown, redact: (text: string) => string): Noted | null {
  try {
    const { noted } = answer as { readonly noted?: unknown };
    if (typeof noted !== 'object' || noted === null || Array.isArray(noted)) return null;
    const short = (text: string): string => redact(text).slice(0, MOST_CHARACTERS);
    const kept: [string, Noted[string]][] = [];
    for (const [name, value] of Object.entries(noted).slice(0, MOST_FIELDS) as [string, unknown][]) {
      if (typeof value === 'string') kept.push([short(name), short(value)]);
      else if (value === null || typeof value === 'boolean') kept.push([short(name), value]);
      else if (typeof value === 'number' && Number.isFinite(value)) kept.push([short(name), value]);
    }
    return Object.fromEntries(kept);
  } catch {
    // What a handler answers is its own: nothing, or something that cannot be asked.
    return null;
  }
}

/** The body of the record that tells of it on the action that was, or was not, undone. */
export function remarkBody(
  { actionId, snapshot, force, by }: Undoing,
  error: string | null,
): JournalRecord['body'] {
  const told = { rollbackActionId: actionId, snapshotId: snapshot.id, handler: snapshot.handler, force, by };
  return error === null ? told : { ...told, error };
}
