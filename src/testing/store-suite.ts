import { isThenable } from '../core/awaitable.ts';
import { verifyChain } from '../core/chain.ts';
import type { JournalRecord } from '../core/record.ts';
import type { AuditFilter, Store } from '../stores/store.ts';
import { approvalCases } from './store/approval-cases.ts';
import { changeCases } from './store/approval-change-cases.ts';
import { blobCases } from './store/blob-cases.ts';
import { consumptionCases } from './store/consumption-cases.ts';
import { freezeCases, policyCases } from './store/freeze-cases.ts';
import { DECIDED, decided, done, draftOf, failed, START } from './store/records.ts';
import { snapshotCases } from './store/snapshot-cases.ts';
import { tokenCases } from './store/token-cases.ts';
import type { StoreSuiteTools } from './suite-tools.ts';

/** How the suite makes the store that it tests: fresh and empty, with room for at least 200 actions. */
export type MakeStore = () => Store | Promise<Store>;

/** What every store must do. Register it within a test file: `storeSuite('memory', make, { describe, it, expect, sha256 })`. */
export function storeSuite(name: string, make: MakeStore, tools: StoreSuiteTools): void {
  tools.describe(`store contract: ${name}`, () => {
    entryCases(make, tools);
    orderCases(make, tools);
    filterCases(make, tools);
    chainCases(make, tools);
    placeCases(make, tools);
    freezeCases(make, tools);
    policyCases(make, tools);
    approvalCases(make, tools);
    changeCases(make, tools);
    consumptionCases(make, tools);
    tokenCases(make, tools);
    snapshotCases(make, tools);
    blobCases(make, tools);
    answerCases(make, tools);
  });
}

function entryCases(make: MakeStore, { it, expect }: StoreSuiteTools): void {
  it('is empty at first', async () => {
    const store = await make();
    expect(await store.entries({})).toEqual([]);
    expect([...(await store.records())]).toEqual([]);
    expect(await store.entry('nothing')).toBe(undefined);
  });

  it('shows a decision as soon as it was appended, and its outcome once that was', async () => {
    const store = await make();
    await store.append([decided('a')]);
    expect((await store.entry('a'))?.state).toBe('running');
    await store.append([done('a', 'the result')]);
    const entry = await store.entry('a');
    expect([entry?.state, entry?.result, entry?.reason]).toEqual(['done', 'the result', DECIDED.reason]);
    expect((await store.entries({})).length).toBe(1);
  });

  it('takes several records in one append, in order', async () => {
    const store = await make();
    await store.append([decided('a'), failed('a', 'disk full'), decided('b')]);
    expect((await store.entry('a'))?.error).toBe('disk full');
    expect((await store.entries({})).map((entry) => entry.actionId)).toEqual(['b', 'a']);
  });

  it('keeps dates as dates, and names like __proto__ as names', async () => {
    const store = await make();
    await store.append([
      decided('a', { agentId: '__proto__', parameters: JSON.parse('{"__proto__":{"x":1}}') }),
    ]);
    const entry = await store.entry('a');
    expect(entry?.timestamp.getTime()).toBe(START);
    expect(entry?.agentId).toBe('__proto__');
    expect(Object.keys(entry?.parameters ?? {})).toEqual(['__proto__']);
    expect(await store.entry('__proto__')).toBe(undefined);
  });
}

function orderCases(make: MakeStore, { it, expect }: StoreSuiteTools): void {
  it('lists the newest first, 100 unless told otherwise', async () => {
    const store = await make();
    for (let i = 0; i < 150; i++) await store.append([decided(`a${i}`)]);
    const listed = await store.entries({});
    expect(listed.length).toBe(100);
    expect([listed[0]?.actionId, listed[99]?.actionId]).toEqual(['a149', 'a50']);
    expect((await store.entries({ limit: 2 })).map((entry) => entry.actionId)).toEqual(['a149', 'a148']);
    expect((await store.entries({ limit: 150 })).length).toBe(150);
    expect(await store.entries({ limit: 0 })).toEqual([]);
  });

  it('counts the limit after the filter', async () => {
    const store = await make();
    await store.append([decided('old', { toolName: 'rare' })]);
    for (let i = 0; i < 5; i++) await store.append([decided(`a${i}`)]);
    const found = await store.entries({ toolName: 'rare', limit: 1 });
    expect(found.map((entry) => entry.actionId)).toEqual(['old']);
  });
}

/** Each filter finds the entry that differs in that field, and nothing else. */
const FILTERS: readonly (readonly [changes: object, filter: AuditFilter])[] = [
  [{ agentId: 'other' }, { agentId: 'other' }],
  [{ taskId: 'other' }, { taskId: 'other' }],
  [{ sessionId: 'other' }, { sessionId: 'other' }],
  [{ verdict: 'WARN' }, { verdict: 'WARN' }],
  [{ outcome: 'WARN' }, { outcome: 'WARN' }],
  [{ actionType: 'other' }, { actionType: 'other' }],
  [{ toolName: 'other' }, { toolName: 'other' }],
  [{ tags: ['a', 'b', 'c'] }, { tags: ['a', 'c'] }],
  [{ timestamp: new Date(START + 10) }, { fromTime: new Date(START + 10) }],
  [{ timestamp: new Date(START + 10) }, { fromTime: new Date(START + 10).toISOString() }],
  [{ timestamp: new Date(START - 10) }, { toTime: new Date(START - 10) }],
];

function filterCases(make: MakeStore, { it, expect }: StoreSuiteTools): void {
  for (const [changes, filter] of FILTERS) {
    const [field] = Object.keys(filter);
    const value = Object.values(filter)[0];
    it(`filters by ${field} (${value instanceof Date ? 'a Date' : `a ${typeof value}`})`, async () => {
      const store = await make();
      await store.append([decided('usual'), decided('other', changes), decided('usual2')]);
      expect((await store.entries(filter)).map((entry) => entry.actionId)).toEqual(['other']);
    });
  }

  it('applies all fields of a filter together', async () => {
    const store = await make();
    await store.append([decided('a', { agentId: 'x', toolName: 't' }), decided('b', { agentId: 'x' })]);
    expect((await store.entries({ agentId: 'x', toolName: 't' })).map((entry) => entry.actionId)).toEqual([
      'a',
    ]);
  });

  it('refuses a time that it cannot read instead of finding nothing', async () => {
    const store = await make();
    await store.append([decided('a')]);
    let message = '';
    try {
      await store.entries({ fromTime: 'yesterday' });
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message.includes('fromTime')).toBe(true);
  });
}

function chainCases(make: MakeStore, { it, expect, sha256 }: StoreSuiteTools): void {
  const check = (records: readonly JournalRecord[]): unknown => verifyChain(records, sha256);

  it('chains the records of a writer', async () => {
    const store = await make();
    await store.append([decided('a')]);
    await store.append([done('a', 1), decided('b')]);
    const records = [...(await store.records())];
    expect(records.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(check(records)).toEqual({ brokenAt: null, problem: null });
  });

  it('chains each writer by itself', async () => {
    const store = await make();
    const second = { id: 'second', host: 'h', pid: 2 };
    await store.append([decided('a')]);
    await store.append([{ ...decided('b'), writer: second }]);
    await store.append([decided('c'), { ...done('b', 1), writer: second }]);
    const all = [...(await store.records())];
    for (const id of ['first', 'second']) {
      const own = all.filter(({ writer }) => writer.id === id);
      expect(own.map(({ seq }) => seq)).toEqual([1, 2]);
      expect(check(own)).toEqual({ brokenAt: null, problem: null });
    }
  });

  it('shows an edit as a break of the chain', async () => {
    const store = await make();
    await store.append([decided('a'), decided('b')]);
    const [first, second] = [...(await store.records())];
    if (first === undefined || second === undefined) throw new Error('two records were appended');
    const edited = { ...first, body: { ...first.body, verdict: 'BLOCK' } };
    expect(check([edited, second])).toEqual({ brokenAt: 0, problem: 'edited' });
  });

  it('takes records about no tool call, without showing them as entries', async () => {
    const store = await make();
    await store.append([draftOf('policy', 'policy:1', { revision: 'r2' })]);
    expect([...(await store.records())].map(({ kind }) => kind)).toEqual(['policy']);
    expect(await store.entries({})).toEqual([]);
  });
}

function placeCases(make: MakeStore, { it, expect }: StoreSuiteTools): void {
  it('counts the positions of records from 1, over all writers', async () => {
    const store = await make();
    await store.append([decided('a')]);
    await store.append([{ ...decided('b'), writer: { id: 'second', host: 'h', pid: 2 } }, done('a', 1)]);
    expect([...(await store.records())].map(({ position }) => position)).toEqual([1, 2, 3]);
  });

  it("begins a writer's chain with the newest hash of the store", async () => {
    const store = await make();
    await store.append([decided('a')]);
    await store.append([{ ...decided('b'), writer: { id: 'second', host: 'h', pid: 2 } }]);
    const [first, second] = [...(await store.records())];
    expect([first?.prevHash, second?.prevHash]).toEqual(['', first?.hash]);
  });

  it('gives its records again for every one who reads them', async () => {
    const store = await make();
    await store.append([decided('a'), decided('b')]);
    const records = await store.records();
    expect([...records].length).toBe(2);
    expect([...records].length).toBe(2);
  });
}

function answerCases(make: MakeStore, { it, expect }: StoreSuiteTools): void {
  it('answers with promises if and only if it says that it is remote', async () => {
    const store = await make();
    const answers = [
      store.append([decided('a')]),
      store.entries({}),
      store.entry('a'),
      store.records(),
      store.frozen(),
      store.setFrozen(null, draftOf('policy', 'policy:1', { event: 'unfrozen' })),
      store.keepPolicy({ revision: 'r1', rules: [], sources: [] }),
    ];
    expect(answers.map(isThenable)).toEqual(answers.map(() => store.remote));
    await Promise.all(answers);
  });

  it('may gather what can wait, and has written it once it says so', async () => {
    const store = await make();
    const gathered = ['a', 'b', 'c'].map((id) => store.append([decided(id)], { gather: true }));
    await Promise.all(gathered);
    await store.append([done('b', 1)], { gather: true });
    expect((await store.entries({})).map(({ actionId, state }) => `${actionId} ${state}`)).toEqual([
      'c running',
      'b done',
      'a running',
    ]);
  });

  it('can be closed', async () => {
    const store = await make();
    await store.append([decided('a')]);
    await store.close();
  });
}
