import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifyChain } from '../../../src/core/chain.ts';
import { MemoryStore } from '../../../src/stores/memory.ts';
import { approve, askOf, grantOf, relying } from '../../../src/testing/store/approvals.ts';
import { draftOf } from '../../../src/testing/store/records.ts';

const sha256 = (text: string): string => hash('sha256', text);
const openStore = (maxActions: number) => new MemoryStore({ maxActions, sha256 });
const waiting = (id: string) => draftOf('waiting', `action-${id}`, {});
const idsOf = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);

describe('MemoryApprovals', () => {
  it('forgets the oldest decided requests, and no pending one', async () => {
    const { approvals } = openStore(2);
    for (let i = 0; i < 5; i++) approvals.enter(askOf(`p${i}`), waiting(`p${i}`));
    for (let i = 0; i < 4; i++) await approve(approvals, `a${i}`);
    expect(idsOf(approvals.list({}))).toEqual(['a3', 'a2', 'p4', 'p3', 'p2', 'p1', 'p0']);
    approvals.change('p0', { state: 'pending', votes: 0 }, { state: 'denied' }, null);
    expect(idsOf(approvals.list({}))).toEqual(['a3', 'p4', 'p3', 'p2', 'p1', 'p0']);
  });

  it('forgets the oldest grants: who relied on one must ask again', async () => {
    const store = openStore(2);
    for (let i = 0; i < 3; i++) await approve(store.approvals, `a${i}`, { grant: grantOf(`g${i}`, `a${i}`) });
    expect(idsOf(store.approvals.grants({}))).toEqual(['g2', 'g1']);
    expect(() => store.append([relying('run', { grantId: 'g0' })])).toThrow('unknown');
  });

  it('keeps the chain whole around what could not be appended', async () => {
    const store = openStore(10);
    await approve(store.approvals, 'a');
    store.append([relying('one', { approvalId: 'a' })]);
    expect(() => store.append([relying('two', { approvalId: 'a' })])).toThrow('used up');
    expect(verifyChain(store.records(), sha256).brokenAt).toBeNull();
    expect(store.records().map(({ kind }) => kind)).toEqual(['waiting', 'approval', 'decided']);
  });

  it('has another version after every change, and none without', async () => {
    const store = openStore(10);
    const versions = [store.approvals.version(), store.approvals.version()];
    expect(new Set(versions).size).toBe(1);
    await approve(store.approvals, 'a', { grant: grantOf('g', 'a') });
    versions.push(store.approvals.version());
    store.append([relying('one', { approvalId: 'a' })]);
    versions.push(store.approvals.version());
    store.approvals.revoke('g', 'bob', new Date(0), waiting('g'));
    versions.push(store.approvals.version());
    expect(new Set(versions).size).toBe(4);
  });
});
