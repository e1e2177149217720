import { describe, expect, it } from 'vitest';
import { verifyChain } from '../../src/core/chain.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { decided, done, draftOf, failed, START } from '../../src/testing/store/records.ts';
import { storeSuite } from '../../src/testing/store-suite.ts';
import { damageSqlite } from './damage.ts';
import { by, byWriter, kindsOf, newPath, openStore, sha256, writerOf } from './sqlite/open-store.ts';

const tools = { describe, it, expect, sha256, damage: damageSqlite, now: () => START };
storeSuite('sqlite', () => openStore(), tools);
storeSuite('sqlite in TRUNCATE mode', () => openStore({ sqliteVersion: '3.51.2', warn: () => {} }), tools);

describe('SqliteStore', () => {
  it('has what was appended after it was closed and opened again', () => {
    const path = newPath();
    const first = openStore({ path });
    first.append([decided('a'), done('a', { rows: [1, null, 'ü'] })]);
    const records = [...first.records()];
    first.close();
    const again = openStore({ path, writer: writerOf('again') });
    expect([...again.records()]).toEqual(records);
    expect(again.entry('a')?.result).toEqual({ rows: [1, null, 'ü'] });
  });

  it('is shared by the guards of a process, each with its own chain', () => {
    const path = newPath();
    const [one, two] = [
      openStore({ path, writer: writerOf('one') }),
      openStore({ path, writer: writerOf('two') }),
    ];
    one.append([by('one', decided('a'))]);
    two.append([by('two', decided('b'))]);
    one.append([by('one', done('a', 1)), by('one', decided('c'))]);
    two.append([by('two', failed('b', 'gone'))]);
    const records = [...one.records()];
    expect(records.map(({ position, writer, seq }) => `${position} ${writer.id} ${seq}`)).toEqual([
      '1 one 1',
      '2 two 1',
      '3 one 2',
      '4 one 3',
      '5 two 2',
    ]);
    expect(records[1]?.prevHash).toBe(records[0]?.hash);
    for (const own of byWriter(records).values()) expect(verifyChain(own, sha256).brokenAt).toBeNull();
    expect(two.entries({}).map(({ actionId, state }) => `${actionId} ${state}`)).toEqual([
      'c running',
      'b failed',
      'a done',
    ]);
  });

  it('goes on with the chain of a writer that was closed and comes back', () => {
    const path = newPath();
    const first = openStore({ path });
    first.append([decided('a')]);
    first.close();
    const again = openStore({ path });
    again.append([done('a', 1)]);
    const records = [...again.records()];
    expect(records.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(verifyChain(records, sha256).brokenAt).toBeNull();
  });

  it('refuses a writer whose id belongs to another process', () => {
    const path = newPath();
    openStore({ path }).append([decided('a')]);
    const other = openStore({ path });
    expect(() => other.append([{ ...decided('b'), writer: { id: 'first', host: 'h', pid: 2 } }])).toThrow(
      /belongs to process 1 on h, not to process 2/,
    );
    expect([...other.records()].length).toBe(1);
    other.append([by('own', decided('c'))]);
    expect(() => other.append([{ ...decided('d'), writer: { id: 'own', host: 'h', pid: 2 } }])).toThrow(
      /belongs to process/,
    );
  });

  it('writes nothing of an append whose body cannot be built', () => {
    const store = openStore();
    const broken = {
      ...decided('b'),
      body: () => {
        throw new Error('no body');
      },
    };
    expect(() => store.append([decided('a'), broken])).toThrow('no body');
    store.append([decided('c')]);
    const records = [...store.records()];
    expect(records.map(({ actionId, seq, position }) => [actionId, seq, position])).toEqual([['c', 1, 1]]);
  });

  it.each(['a\ud800', '\0', 'a\0b'])('refuses the id %j, which it could not give back as it was', (id) => {
    const store = openStore();
    expect(() => store.append([decided(id)])).toThrow(/action id .* cannot keep/);
    expect(() => store.append([{ ...decided('a'), namespace: id }])).toThrow('namespace');
    expect(kindsOf(store)).toEqual([]);
  });

  it.each(['', '__proto__', 'é\u0301', '\ufeff', '😀', "'; DROP TABLE journal; --"])(
    'takes the id %j as it is',
    (id) => {
      const store = openStore();
      store.append([
        decided(id, { intent: `\0\ud800${id}`, parameters: { '\0\udc00': '\ud800' } }),
        done(id, '\0'),
      ]);
      const records = [...store.records()];
      expect(verifyChain(records, sha256).brokenAt).toBeNull();
      expect(records.map(({ actionId }) => actionId)).toEqual([id, id]);
      expect(records[0]?.body.intent).toBe(`\0\ud800${id}`);
    },
  );

  it('takes an append of nothing', async () => {
    const store = openStore();
    store.append([]);
    await store.append([], { gather: true });
    expect(kindsOf(store)).toEqual([]);
  });

  it('reads records while others are appended, up to what was there when it was asked', () => {
    const store = openStore();
    for (let i = 0; i < 600; i++) store.append([decided(`a${i}`)]);
    let count = 0;
    for (const { position } of store.records()) {
      if (position % 100 === 0) store.append([decided(`more${position}`)]);
      count++;
    }
    expect(count).toBe(600);
    expect([...store.records()].length).toBe(606);
  });

  it('keeps a policy once, as canonical JSON with the keys that it was given', () => {
    const store = openStore();
    const sources = [{ file: 'p.yaml', text: 'rules: []' }];
    store.keepPolicy({ revision: 'r1', rules: [{ pattern: 'b', escalate_to: 'ops', $ref: 1 }], sources });
    store.keepPolicy({ revision: 'r1', rules: 'another', sources: [] });
    expect(
      store.database
        .prepare('SELECT * FROM policies')
        .all()
        .map((row) => ({ ...row })),
    ).toEqual([
      {
        revision: 'r1',
        rules: '[{"$ref":1,"escalate_to":"ops","pattern":"b"}]',
        sources: '[{"file":"p.yaml","text":"rules: []"}]',
        recorded_at: START,
      },
    ]);
  });

  it('knows which actions were cleared to run', () => {
    const store = openStore();
    store.append([draftOf('waiting', 'w', { state: 'waiting', timestamp: new Date(START) })]);
    store.append([decided('refused', { state: 'refused' }), decided('ran'), done('ran', 1), decided('runs')]);
    store.append([decided('edited')]);
    store.database.prepare("UPDATE journal SET body = '{' WHERE action_id = 'edited'").run();
    const cleared = (afterPosition: number): string[] => {
      const ids = ['none', 'w', 'refused', 'ran', 'runs', 'edited'];
      return [...store.clearedAmong(ids.map((actionId) => ({ actionId, afterPosition })))];
    };
    expect(cleared(0)).toEqual(['ran', 'runs', 'edited']);
    expect(cleared(4)).toEqual(['runs', 'edited']);
    expect(cleared(store.newestPosition())).toEqual([]);
    expect(store.clearedAmong([])).toEqual(new Set());
  });

  it('tells so without taking anything up into the projection', () => {
    const store = openStore();
    store.append([decided('a'), done('a', 1)]);
    expect(store.clearedAmong([{ actionId: 'a', afterPosition: 0 }]).has('a')).toBe(true);
    expect(store.database.prepare('SELECT position FROM projection').get()?.position).toBe(0);
  });

  it('takes an action for cleared to run when that may have been pruned', () => {
    const store = openStore();
    store.append([decided('a', { state: 'refused' }), decided('b', { state: 'refused' }), decided('c')]);
    store.database.prepare('DELETE FROM journal WHERE position = 1').run();
    const actions = [0, 1].map((afterPosition) => ({ actionId: `${afterPosition}`, afterPosition }));
    expect([...store.clearedAmong(actions)]).toEqual(['0']);
  });

  it('refuses to work after it was closed', async () => {
    const store = openStore();
    store.append([decided('a')]);
    store.close();
    store.close();
    for (const use of [
      () => store.append([decided('b')]),
      () => store.entries({}),
      () => store.records(),
      () => store.frozen(),
      () => store.setFrozen(null, decided('b')),
    ]) {
      expect(use).toThrow(/was closed/);
    }
    await expect(store.append([decided('b')], { gather: true })).rejects.toThrow(/was closed/);
  });

  it('notes when its writers have written their last record, and what that was', () => {
    const path = newPath();
    const store = openStore({ path });
    store.append([decided('a'), by('second', decided('b')), done('a', 1)]);
    const last = [...store.records()];
    store.close();
    const rows = openStore({ path, writer: writerOf('reader') })
      .database.prepare('SELECT id, closed_at, last_seq, last_hash, last_position FROM writers ORDER BY id')
      .all()
      .map((row) => Object.values(row));
    expect(rows).toEqual([
      ['first', START, 2, last[2]?.hash, 3],
      ['second', START, 1, last[1]?.hash, 2],
    ]);
  });
});

describe('a freeze', () => {
  const freeze = { reason: 'a leak', at: new Date(START), by: 'one' };
  const told = draftOf('policy', 'policy:1', { event: 'frozen' });

  it('is seen by the other stores on the file within 100 ms', () => {
    const path = newPath();
    const clock = new FakeClock(START);
    const one = openStore({ path, clock, writer: writerOf('one') });
    const two = openStore({ path, clock, writer: writerOf('two') });
    expect(two.frozen()).toBeNull();
    one.setFrozen(freeze, told);
    expect(one.frozen()).toEqual(freeze);
    expect(two.frozen()).toBeNull();
    clock.advance(100);
    expect(two.frozen()).toEqual(freeze);
    two.setFrozen(null, by('two', told));
    expect(two.frozen()).toBeNull();
    clock.advance(100);
    expect(one.frozen()).toBeNull();
  });

  it('is not made without its record', () => {
    const store = openStore();
    const broken = {
      ...told,
      body: () => {
        throw new Error('no body');
      },
    };
    expect(() => store.setFrozen(freeze, broken)).toThrow('no body');
    expect(store.frozen()).toBeNull();
    expect(kindsOf(store)).toEqual([]);
  });

  it('that cannot be read is not taken for none', () => {
    const clock = new FakeClock(START);
    const store = openStore({ clock });
    expect(store.frozen()).toBeNull();
    store.database.prepare('DROP TABLE freezes').run();
    expect(store.frozen()).toBeNull();
    clock.advance(100);
    expect(() => store.frozen()).toThrow(/no such table/);
    expect(() => store.frozen()).toThrow(/no such table/);
  });
});
