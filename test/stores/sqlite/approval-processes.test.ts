import { describe, expect, it } from 'vitest';
import { verifyJournal } from '../../../src/journal/verify.ts';
import { sealedRecords } from '../../../src/stores/sqlite/records.ts';
import { approve } from '../../../src/testing/store/approvals.ts';
import { soakFactor } from '../../seed.ts';
import { runAll } from './child-processes.ts';
import { newPath, openStore, sha256, writerOf } from './open-store.ts';

/** Claims of each of four processes: a thousand together, and a thousand each in the soak. */
const CLAIMS = Math.min(1_000, 250 * soakFactor);

describe('four processes that rely on one approved request at once', () => {
  it(`run one call of ${4 * CLAIMS}`, { timeout: 0 }, async () => {
    const path = newPath();
    const store = openStore({ path });
    await approve(store.approvals, 'a');
    const ended = await runAll(Array.from({ length: 4 }, () => ['claim', path, String(CLAIMS)]));
    const came = ended.map((line) => JSON.parse(line) as Record<string, number>);
    const sum = (name: string): number => came.reduce((total, counts) => total + (counts[name] ?? 0), 0);
    expect([sum('done'), sum('ApprovalSpentError')]).toEqual([1, 4 * CLAIMS - 1]);
    const records = [...store.records()];
    expect(records.map(({ kind }) => kind)).toEqual(['waiting', 'approval', 'decided']);
    expect(store.approvals.get('a')).toMatchObject({ state: 'consumed', consumedBy: records[2]?.actionId });
    const reader = openStore({ path, writer: writerOf('reader') });
    expect(verifyJournal(sealedRecords(reader.database), { sha256 }).problems).toEqual([]);
  });
});
