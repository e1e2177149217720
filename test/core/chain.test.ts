import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openRecord, type RecordDraft, sealRecord, verifyChain } from '../../src/core/chain.ts';
import type { JournalRecord } from '../../src/core/record.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const draft = (actionId: string, body: Record<string, unknown> = {}): RecordDraft => ({
  v: 1,
  writer: { id: 'w', host: 'h', pid: 1 },
  kind: 'decided',
  actionId,
  at: new Date(0),
  policyRevision: 'r1',
  namespace: 'default',
  body: () => body,
});

/** A chain of so many records, each with its number in the body. */
function chain(length: number): JournalRecord[] {
  const records: JournalRecord[] = [];
  let tip = { seq: 0, hash: '' };
  for (let i = 0; i < length; i++) {
    const sealed = sealRecord(draft(`a${i}`, { verdict: 'BLOCK', n: i }), tip, i + 1, sha256);
    records.push(openRecord(sealed));
    tip = sealed;
  }
  return records;
}

describe('a chain of records', () => {
  it('counts from 1, and each record carries the hash of the one before', () => {
    const [first, second] = chain(2);
    expect(first).toMatchObject({ seq: 1, prevHash: '' });
    expect(second).toMatchObject({ seq: 2, prevHash: first?.hash });
    expect(first?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.isFrozen(first)).toBe(true);
  });

  it('holds when nothing was changed, from its beginning or from its middle', () => {
    const records = chain(5);
    expect(verifyChain(records, sha256)).toEqual({ brokenAt: null, problem: null });
    expect(verifyChain(records.slice(2), sha256)).toEqual({ brokenAt: null, problem: null });
    expect(verifyChain([], sha256).brokenAt).toBeNull();
  });

  it('shows any edited field at the record where it is', () => {
    const edits: ((record: JournalRecord) => Partial<JournalRecord>)[] = [
      () => ({ body: { verdict: 'ALLOW' } }),
      (record) => ({ body: { ...record.body, more: 1 } }),
      () => ({ actionId: 'other' }),
      (record) => ({ position: record.position + 1 }),
      () => ({ kind: 'done' }),
      () => ({ at: new Date(1) }),
      () => ({ policyRevision: 'r2' }),
      () => ({ namespace: 'other' }),
      () => ({ writer: { id: 'w', host: 'h', pid: 2 } }),
      (record) => ({ seq: record.seq + 1 }),
      () => ({ prevHash: 'f'.repeat(64) }),
      () => ({ hash: 'f'.repeat(64) }),
    ];
    const edit = fc.constantFrom(...edits);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(), edit, (length, at, change) => {
        const records = chain(length);
        const index = at % length;
        const record = records[index] as JournalRecord;
        records[index] = { ...record, ...change(record) };
        expect(verifyChain(records, sha256)).toEqual({ brokenAt: index, problem: 'edited' });
      }),
    );
  });

  it('shows a record that was dropped, put in twice or moved', () => {
    const records = chain(5);
    expect(verifyChain(records.toSpliced(2, 1), sha256)).toEqual({ brokenAt: 2, problem: 'sequence' });
    expect(verifyChain(records.toSpliced(2, 0, records[1] as JournalRecord), sha256).brokenAt).toBe(2);
    expect(verifyChain([...records].reverse(), sha256).brokenAt).toBe(1);
  });

  it('shows a record of another chain that claims the right place', () => {
    const records = chain(3);
    const forged = openRecord(sealRecord(draft('forged'), { seq: 1, hash: 'elsewhere' }, 2, sha256));
    expect(verifyChain(records.toSpliced(1, 1, forged), sha256)).toEqual({
      brokenAt: 1,
      problem: 'unlinked',
    });
  });
});
