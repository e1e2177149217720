import type { RecordDraft } from '../../core/chain.ts';
import type { DecidedBody } from '../../core/entry.ts';
import type { RecordKind } from '../../core/record.ts';

/** When the suite's actions happen, epoch milliseconds. */
export const START = 1_800_000_000_000;

/** An ordinary decision. */
export const DECIDED: Readonly<Partial<DecidedBody>> = Object.freeze({
  agentId: 'worker',
  actionType: 'file.read',
  toolName: 'read_file',
  verdict: 'ALLOW',
  outcome: 'ALLOW',
  reason: 'It may be read',
  taskId: null,
  sessionId: null,
  tags: Object.freeze(['a']),
  parameters: Object.freeze({ path: 'notes.txt' }),
  state: 'running',
  rolledBack: false,
  error: null,
  result: null,
  durationMs: 0,
  elapsedMs: 1,
});

/** A draft of any kind, by the writer `first`. */
export function draftOf(kind: RecordKind, actionId: string, body: object): RecordDraft {
  return {
    v: 1,
    writer: { id: 'first', host: 'h', pid: 1 },
    kind,
    actionId,
    at: new Date(START),
    policyRevision: 'r1',
    namespace: 'default',
    body: () => ({ ...body }),
  };
}

/** A tool that may run. */
export function decided(actionId: string, changes: object = {}): RecordDraft {
  return draftOf('decided', actionId, { ...DECIDED, actionId, timestamp: new Date(START), ...changes });
}

/** A tool that ran. */
export function done(actionId: string, result: unknown): RecordDraft {
  return draftOf('done', actionId, { outcome: 'ALLOW', durationMs: 2, elapsedMs: 3, result, error: null });
}

/** A tool that threw. */
export function failed(actionId: string, error: string): RecordDraft {
  return draftOf('failed', actionId, { outcome: 'ERROR', durationMs: 2, elapsedMs: 3, result: null, error });
}
