import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SealedRecord, sealHash } from '../../src/core/chain.ts';
import { makeCheckpoint } from '../../src/journal/checkpoint.ts';
import { type KnownWriter, verifyJournal } from '../../src/journal/verify.ts';
import { soakFactor } from '../seed.ts';
import { journals, MUTATION_NAMES, mutationOf } from './mutations.ts';
import { sha256, WrittenJournal } from './written-journal.ts';

const AT = new Date(1_900_000_000_000);

/** Three actions of two writers in turn: positions 1, 3, 5 and 2, 4, 6. */
function sixRecords(): WrittenJournal {
  const journal = new WrittenJournal();
  for (const action of ['a', 'b', 'c']) {
    journal.append('w1', 'decided', action, { verdict: 'ALLOW' });
    journal.append('w2', 'done', action, { result: 1 });
  }
  return journal;
}

/** The same record with other content, its hash made anew. */
function rewritten(record: SealedRecord, changes: Partial<SealedRecord>): SealedRecord {
  const { hash: _old, ...open } = { ...record, ...changes };
  return { ...open, hash: sealHash(open, sha256) };
}

const problemsOf = (
  records: Iterable<SealedRecord>,
  more: Partial<Parameters<typeof verifyJournal>[1]> = {},
) => verifyJournal(records, { sha256, ...more }).problems.map(({ kind, position }) => `${kind} ${position}`);

describe('a journal as it was written', () => {
  it('has no problem, with any writers and any pruning, and by any checkpoint of its past', () => {
    fc.assert(
      fc.property(journals, fc.array(fc.nat(), { maxLength: 3 }), (journal, prunings) => {
        const checkpoint = makeCheckpoint(journal.records, AT);
        for (const cut of prunings) {
          const { position } = journal.records[cut % journal.records.length] ?? { position: 0 };
          journal.prune('pruner', position);
          journal.append('late', 'policy', '', {});
        }
        const check = verifyJournal(journal.records, { sha256, writers: journal.writers, checkpoint });
        expect(check).toEqual({ ok: true, records: journal.records.length, problems: [], more: 0 });
      }),
      { numRuns: 200 * soakFactor },
    );
  });

  it('has no problem while it is empty', () => {
    const checkpoint = makeCheckpoint([], AT);
    expect(verifyJournal([], { sha256, writers: [], checkpoint })).toMatchObject({ ok: true, records: 0 });
  });

  it('is read once, as it comes', () => {
    const journal = sixRecords();
    expect(problemsOf(journal.records.values())).toEqual([]);
  });
});

describe('one change of a journal', () => {
  it('shows, whatever it is, and the first problem names where', () => {
    const choice = fc.array(fc.nat(), { minLength: 4, maxLength: 4 });
    const met = new Set<string>();
    fc.assert(
      fc.property(journals, fc.constantFrom(...MUTATION_NAMES), choice, (journal, name, numbers) => {
        const mutation = mutationOf(journal.records, name, numbers);
        if (mutation === undefined) return;
        met.add(name);
        const checkpoint = makeCheckpoint(journal.records, AT);
        const check = verifyJournal(mutation.records, { sha256, writers: journal.writers, checkpoint });
        expect(check.ok).toBe(false);
        const named = check.problems.map(({ position }) => position);
        expect(mutation.first).toContain(named[0]);
        for (const position of mutation.named) expect(named).toContain(position);
      }),
      { numRuns: 1000 * soakFactor },
    );
    expect([...met].sort()).toEqual([...MUTATION_NAMES].sort());
  });

  it('is told with its record and in words', () => {
    const { records } = sixRecords();
    const edited = records.with(2, { ...(records[2] as SealedRecord), body: '{"verdict":"BLOCK"}' });
    expect(verifyJournal(edited, { sha256 })).toEqual({
      ok: false,
      records: 6,
      more: 0,
      problems: [
        {
          kind: 'edited',
          position: 3,
          writer: 'w1',
          seq: 2,
          actionId: 'b',
          problem: 'was edited: its hash is not the hash of what it holds',
        },
      ],
    });
  });

  it('shows as a missing record and as a break of its writer when one is removed', () => {
    expect(problemsOf(sixRecords().records.toSpliced(1, 1))).toEqual(['missing 2', 'sequence 4']);
    expect(problemsOf(sixRecords().records.toSpliced(2, 2))).toEqual([
      'missing 3',
      'sequence 5',
      'sequence 6',
    ]);
  });

  it('shows where a body with a right hash is no JSON object', () => {
    const { records } = sixRecords();
    const last = records.at(-1) as SealedRecord;
    for (const body of ['[]', '"text"', '1', '{', '', '{"a":NaN}']) {
      expect(problemsOf(records.with(5, rewritten(last, { body })))).toEqual(['unreadable 6']);
    }
  });

  it('shows where a record is there twice, or behind one that it must precede', () => {
    const { records } = sixRecords();
    const [first, second, third] = records as [SealedRecord, SealedRecord, SealedRecord];
    expect(problemsOf([first, first, ...records.slice(1)])).toEqual(['inserted 1', 'sequence 1']);
    expect(problemsOf([first, third, second, ...records.slice(3)])).toContain('inserted 2');
    expect(problemsOf([rewritten(first, { position: 0 }), ...records])).toEqual([
      'inserted 0',
      'sequence 1',
      'unlinked 3',
    ]);
  });

  it('shows where a record with a right hash does not follow the one of its writer before', () => {
    const { records } = sixRecords();
    const forged = rewritten(records[5] as SealedRecord, { prevHash: 'f'.repeat(64) });
    expect(problemsOf(records.with(5, forged))).toEqual(['unlinked 6']);
  });

  it('shows where another chain begins with a record that does not know the one before', () => {
    const { records } = sixRecords();
    const stranger = rewritten(records[5] as SealedRecord, {
      position: 7,
      seq: 1,
      writer: { id: 'w3', host: 'h', pid: 1 },
      prevHash: '',
    });
    expect(problemsOf([...records, stranger])).toEqual(['unlinked 7']);
  });
});

describe('a cut end', () => {
  const { records, writers } = sixRecords();
  const closed = writers.map(({ id }): KnownWriter => {
    const { seq, hash, position } = records.findLast(({ writer }) => writer.id === id) as SealedRecord;
    return { id, closedAt: AT, lastSeq: seq, lastHash: hash, lastPosition: position };
  });

  it('of writers that may still write shows against a checkpoint only', () => {
    const cut = records.slice(0, 4);
    expect(problemsOf(cut, { writers })).toEqual([]);
    expect(problemsOf(cut, { writers, checkpoint: makeCheckpoint(records, AT) })).toEqual(['cut 5', 'cut 6']);
  });

  it('of a closed writer shows by itself, and which record is gone', () => {
    const { problems } = verifyJournal(records.slice(0, 5), { sha256, writers: closed });
    expect(problems).toMatchObject([{ kind: 'cut', position: 6, writer: 'w2', seq: 3 }]);
    expect(problemsOf([], { writers: closed })).toEqual(['cut 5', 'cut 6']);
  });

  it('shows when others were written in its place', () => {
    const cut = records.slice(0, 5);
    const other = rewritten(records[5] as SealedRecord, { body: '{"result":2}' });
    expect(problemsOf([...cut, other])).toEqual([]);
    expect(problemsOf([...cut, other], { writers: closed })).toEqual(['replaced 6']);
    expect(problemsOf([...cut, other], { checkpoint: makeCheckpoint(records, AT) })).toEqual(['replaced 6']);
  });

  it('shows when a closed writer goes on', () => {
    const more = closed.map((writer) => (writer.id === 'w2' ? { ...writer, lastSeq: 2 } : writer));
    expect(problemsOf(records, { writers: more })).toEqual(['inserted 6']);
  });

  it('is not taken for one where it is not known what a writer closed with', () => {
    const unknown = closed.map((writer) => ({ ...writer, lastSeq: null, lastHash: null }));
    expect(problemsOf(records.slice(0, 5), { writers: unknown })).toEqual([]);
  });
});

describe('a history that was written anew with right hashes', () => {
  it('shows against a checkpoint, and stays unseen without one', () => {
    const journal = sixRecords();
    const forged = new WrittenJournal();
    for (const action of ['a', 'x', 'c']) {
      forged.append('w1', 'decided', action, { verdict: 'ALLOW' });
      forged.append('w2', 'done', action, { result: 1 });
    }
    expect(problemsOf(forged.records)).toEqual([]);
    const checkpoint = makeCheckpoint(journal.records, AT);
    expect(problemsOf(forged.records, { checkpoint })).toEqual(['replaced 5', 'replaced 6']);
  });
});

describe('pruned records', () => {
  const pruned = (): WrittenJournal => {
    const journal = sixRecords();
    journal.prune('w1', 3);
    return journal;
  };

  it('are missed where no record tells of their pruning', () => {
    const { records } = pruned();
    expect(problemsOf(records)).toEqual([]);
    expect(problemsOf(records.slice(0, 3))).toEqual(['missing 1', 'sequence 4', 'sequence 5']);
  });

  it('explain no gap but the one at the beginning', () => {
    const { records } = pruned();
    expect(problemsOf(records.toSpliced(1, 1))).toEqual(['missing 5', 'sequence 7']);
    expect(problemsOf(records.toSpliced(0, 1))).toEqual(['missing 4', 'sequence 6']);
  });

  it('are not there: one that was put back shows', () => {
    const [first] = sixRecords().records;
    expect(problemsOf([first as SealedRecord, ...pruned().records])).toEqual(['inserted 1', 'sequence 5']);
    const below = rewritten(first as SealedRecord, { position: 0 });
    expect(problemsOf([below, first as SealedRecord, ...pruned().records])).toContain('inserted 1');
  });

  it('need not be what a checkpoint of before them saw', () => {
    const journal = sixRecords();
    const before = makeCheckpoint(journal.records, AT);
    journal.prune('late', 6);
    expect(problemsOf(journal.records, { checkpoint: before })).toEqual([]);
    expect(problemsOf(journal.records.slice(0, 0), { checkpoint: before })).toEqual(['cut 5', 'cut 6']);
  });

  it('link what comes first: to their last one, and each writer to its own', () => {
    const { records } = pruned();
    const [first] = records;
    const unlinked = rewritten(first as SealedRecord, { prevHash: 'f'.repeat(64) });
    expect(problemsOf([unlinked, ...records.slice(1)])).toContain('sequence 4');
    const begins = rewritten(first as SealedRecord, { seq: 1, prevHash: 'f'.repeat(64) });
    expect(problemsOf([begins, ...records.slice(1)])).toContain('unlinked 4');
  });

  it('are told of from the first one on', () => {
    const { records } = pruned();
    const last = records.at(-1) as SealedRecord;
    const told = (from: number, through: number): SealedRecord =>
      rewritten(last, {
        body: last.body
          .replace('"from_position":1', `"from_position":${from}`)
          .replace('"through_position":3', `"through_position":${through}`),
      });
    expect(problemsOf(records.with(-1, told(1, 3)))).toEqual([]);
    expect(problemsOf(records.with(-1, told(2, 3)))).toContain('missing 1');
    expect(problemsOf(records.with(-1, told(1, 2)))).toEqual(['missing 3']);
    expect(problemsOf(records.with(-1, told(1, 4)))).toEqual(['inserted 4']);
  });

  it('do not make a number below 1 of what comes behind them', () => {
    const journal = sixRecords();
    journal.prune('late', 6);
    const [last] = journal.records as [SealedRecord];
    expect(problemsOf([rewritten(last, { seq: 0 })])).toContain('sequence 7');
  });

  it('must be told of in a body that can be read', () => {
    const { records } = pruned();
    const last = records.at(-1) as SealedRecord;
    for (const body of ['{}', last.body.replace('"seq":', '"sequence":'), last.body.replace(':1,', ':0,')]) {
      expect(problemsOf(records.with(-1, rewritten(last, { body })))).toContain('unreadable 7');
    }
  });
});

describe('many problems', () => {
  it('are told up to 100, the first ones, and the others counted', () => {
    const journal = new WrittenJournal();
    for (let i = 0; i < 300; i++) journal.append('w', 'done', `a${i}`, {});
    const edited = journal.records.map((record) => ({ ...record, namespace: 'x' }));
    const check = verifyJournal(edited, { sha256 });
    expect(check.problems.map(({ position }) => position)).toEqual(
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
    expect(check.more).toBe(200);
    const gaps = verifyJournal(
      journal.records.filter(({ position }) => position % 2 === 0),
      { sha256 },
    );
    expect(gaps.problems[0]).toMatchObject({ kind: 'missing', position: 1 });
    expect(gaps.problems.length + gaps.more).toBe(150 + 150);
  });
});
