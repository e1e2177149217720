import { describe, expect, it } from 'vitest';
import { actionRecordOf } from '../../src/core/action-record.ts';
import { type AuditEntry, foldEntry } from '../../src/core/entry.ts';
import type { JournalRecord, RecordKind } from '../../src/core/record.ts';

const record = (seq: number, kind: RecordKind, body: Record<string, unknown>): JournalRecord => ({
  v: 1,
  position: seq,
  seq,
  writer: { id: 'w', host: 'h', pid: 1 },
  kind,
  actionId: 'a',
  at: new Date(seq),
  policyRevision: `r${seq}`,
  namespace: 'default',
  body,
  prevHash: '',
  hash: `h${seq}`,
});

const waiting = record(1, 'waiting', { verdict: 'ESCALATE', outcome: 'ESCALATE', state: 'waiting' });
const decided = record(2, 'decided', {
  verdict: 'ESCALATE',
  outcome: 'ALLOW',
  state: 'running',
  reason: 'ok',
});
const done = record(3, 'done', { outcome: 'ALLOW', durationMs: 5, elapsedMs: 9, result: 'r', error: null });
const failed = record(3, 'failed', {
  outcome: 'ERROR',
  durationMs: 5,
  elapsedMs: 9,
  result: null,
  error: 'disk full',
});

describe('foldEntry', () => {
  it('follows an action from waiting to done', () => {
    expect(foldEntry([waiting])?.state).toBe('waiting');
    expect(foldEntry([waiting, decided])).toMatchObject({ state: 'running', policyRevision: 'r2' });
    expect(foldEntry([waiting, decided, done])).toMatchObject({
      ...{ state: 'done', outcome: 'ALLOW', durationMs: 5, reason: 'ok', result: 'r' },
      ...{ seq: 3, hash: 'h3', policyRevision: 'r2' },
    });
  });

  it('tells an action whose tool threw, and one that was undone', () => {
    expect(foldEntry([decided, failed])).toMatchObject({
      state: 'failed',
      outcome: 'ERROR',
      error: 'disk full',
    });
    const undone = foldEntry([decided, done, record(4, 'rolled_back', {})]);
    expect(undone).toMatchObject({ state: 'done', rolledBack: true, seq: 4 });
  });

  it('is nothing without a decision, and not disturbed by records of other kinds', () => {
    expect(foldEntry([])).toBeUndefined();
    expect(foldEntry([done])).toBeUndefined();
    expect(foldEntry([record(1, 'rolled_back', {})])).toBeUndefined();
    expect(foldEntry([decided, record(3, 'policy', { state: 'x' })])?.state).toBe('running');
  });

  it('is the same when an outcome was written twice', () => {
    expect(foldEntry([decided, done, done])).toEqual(foldEntry([decided, done]));
  });
});

describe('actionRecordOf', () => {
  it('is the entry in the words of history, with the whole time of the call', () => {
    const entry = {
      ...{ actionId: 'a', toolName: 't', intent: 'i', outcome: 'ALLOW', reason: 'r' },
      ...{ elapsedMs: 9, latencyMs: 1, timestamp: new Date(3), parameters: { p: 1 }, result: 2, error: null },
    } as unknown as AuditEntry;
    expect(actionRecordOf(entry)).toEqual({
      ...{ id: 'a', toolName: 't', intent: 'i', outcome: 'ALLOW', reason: 'r' },
      ...{ latencyMs: 9, timestamp: new Date(3), args: { p: 1 }, result: 2, error: null },
    });
  });
});
