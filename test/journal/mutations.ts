import fc from 'fast-check';
import type { SealedRecord } from '../../src/core/chain.ts';
import { sealHash } from '../../src/core/chain.ts';
import { sha256, WrittenJournal } from './written-journal.ts';

/** One change of a journal, and where it must show. */
export interface Mutation {
  readonly name: string;
  readonly records: readonly SealedRecord[];
  /** Positions that the first problem may name. */
  readonly first: readonly number[];
  /** Positions that must be among the named ones. */
  readonly named: readonly number[];
}

type Records = readonly SealedRecord[];
type Mutate = (records: Records, pick: (below: number) => number) => Omit<Mutation, 'name'> | undefined;

/** A journal of one to four writers, five to forty actions and up to three passes of pruning. */
export const journals: fc.Arbitrary<WrittenJournal> = fc
  .record({
    writers: fc.integer({ min: 1, max: 4 }),
    steps: fc.array(fc.record({ writer: fc.nat(3), what: fc.nat(19), cut: fc.nat() }), {
      minLength: 5,
      maxLength: 40,
    }),
    closed: fc.nat(15),
  })
  .map(({ writers, steps, closed }) => {
    const journal = new WrittenJournal();
    for (const [i, { writer, what, cut }] of steps.entries()) {
      const id = `w${writer % writers}`;
      const { length } = journal.records;
      if (what === 0 && length > 3) {
        journal.prune(id, (journal.records[cut % (length - 1)] as SealedRecord).position);
      } else if (what < 4) journal.append(id, 'policy', '', { revision: `r${i}` });
      else {
        journal.append(id, 'decided', `a${i}`, {
          verdict: 'ALLOW',
          parameters: { n: i, text: 'é"\u2028\\' },
        });
        if (what < 12) journal.append(id, 'done', `a${i}`, { result: what, durationMs: 0.5 });
      }
    }
    for (let i = 0; i < writers; i++) if ((closed & (1 << i)) !== 0) journal.close(`w${i}`);
    return journal;
  });

/** A change of one field that the hash covers, or of the hash. The position is another mutation. */
const EDITS: Readonly<Record<string, (record: SealedRecord) => Partial<SealedRecord>>> = {
  v: () => ({ v: 2 as 1 }),
  seq: ({ seq }) => ({ seq: seq + 1 }),
  lowerSeq: ({ seq }) => ({ seq: seq - 1 }),
  writer: ({ writer }) => ({ writer: { ...writer, id: writer.id === 'w0' ? 'w1' : 'w0' } }),
  newWriter: ({ writer }) => ({ writer: { ...writer, id: 'unknown' } }),
  host: ({ writer }) => ({ writer: { ...writer, host: 'elsewhere' } }),
  pid: ({ writer }) => ({ writer: { ...writer, pid: 8 } }),
  kind: ({ kind }) => ({ kind: kind === 'done' ? 'failed' : 'done' }),
  actionId: ({ actionId }) => ({ actionId: `${actionId}x` }),
  at: ({ at }) => ({ at: at.replace('2027', '2028') }),
  policyRevision: () => ({ policyRevision: 'r2' }),
  namespace: () => ({ namespace: 'other' }),
  body: ({ body }) => ({ body: body.replace(/\d/, (digit) => String((Number(digit) + 1) % 10)) }),
  spacedBody: ({ body }) => ({ body: `${body} ` }),
  noJson: () => ({ body: 'rm -rf /' }),
  prevHash: () => ({ prevHash: 'f'.repeat(64) }),
  hash: () => ({ hash: 'f'.repeat(64) }),
};

const at = (records: Records, index: number): SealedRecord => records[index] as SealedRecord;
const positions = (records: Records): number[] => records.map(({ position }) => position);
const byPosition = (records: Records): Records => [...records].sort((a, b) => a.position - b.position);

/** With a changed or removed `pruned` record, what it told of shows too, and before it. */
const tellsOfPruning = ({ kind }: SealedRecord): boolean => kind === 'pruned';

const upTo = (records: Records, position: number): Omit<Mutation, 'name'> => ({
  records,
  first: Array.from({ length: position + 1 }, (_, each) => each),
  named: [],
});

const exactly = (records: Records, position: number): Omit<Mutation, 'name'> => ({
  records,
  first: [position],
  named: [position],
});

const edit =
  (change: (record: SealedRecord) => Partial<SealedRecord>): Mutate =>
  (records, pick) => {
    const index = pick(records.length);
    const old = at(records, index);
    const edited = { ...old, ...change(old) };
    if (JSON.stringify(edited) === JSON.stringify(old)) return undefined;
    const changed = records.with(index, edited);
    return tellsOfPruning(old) ? upTo(changed, old.position) : exactly(changed, old.position);
  };

const move: Mutate = (records, pick) => {
  const old = at(records, pick(records.length));
  const gap = at(records, 0).position - 1;
  const end = at(records, records.length - 1).position;
  const position = pick(2) === 0 && gap > 0 ? 1 + pick(gap) : end + 1 + pick(3);
  const others = records.filter((record) => record !== old);
  const moved = byPosition([...others, { ...old, position }]);
  const first = Math.min(position, old.position);
  return tellsOfPruning(old) ? upTo(moved, first) : { records: moved, first: [first], named: [position] };
};

const remove: Mutate = (records, pick) => {
  const index = pick(records.length);
  const old = at(records, index);
  const left = records.toSpliced(index, 1);
  return tellsOfPruning(old) ? upTo(left, old.position) : exactly(left, old.position);
};

const renumber: Mutate = (records, pick) => {
  if (records.length < 2) return undefined;
  const index = pick(records.length - 1);
  const { position } = at(records, index);
  const left = records
    .toSpliced(index, 1)
    .map((record) => (record.position > position ? { ...record, position: record.position - 1 } : record));
  return tellsOfPruning(at(records, index)) ? upTo(left, position) : exactly(left, position);
};

const repeat: Mutate = (records, pick) => {
  const index = pick(records.length);
  const { position } = at(records, index);
  return exactly(records.toSpliced(index + pick(2), 0, at(records, index)), position);
};

/** Puts a record in and moves the later ones on. It is forged as well as can be: its own hash and links are right. */
const forge: Mutate = (records, pick) => {
  if (records.length < 2) return undefined;
  const index = 1 + pick(records.length - 1);
  const before = at(records, index - 1);
  const position = before.position + 1;
  const open = {
    ...before,
    position,
    seq: before.seq + 1,
    actionId: 'forged',
    prevHash: before.hash,
    kind: 'done',
  } as const;
  const forged = { ...open, hash: sealHash(open, sha256) };
  const later = records.slice(index).map((record) => ({ ...record, position: record.position + 1 }));
  const all = [...records.slice(0, index), forged, ...later];
  // By itself it is in order; a checkpoint knows better.
  return { ...exactly(all, position + 1), first: [position, position + 1] };
};

/** Puts a copy, with a hash that fits, into the range that was pruned, or behind the end. */
const copy: Mutate = (records, pick) => {
  const gap = at(records, 0).position - 1;
  const position = pick(2) === 0 && gap > 0 ? 1 + pick(gap) : at(records, records.length - 1).position + 1;
  const open = { ...at(records, pick(records.length)), position };
  const { hash: _old, ...rest } = open;
  const copied = { ...open, hash: sealHash(rest, sha256) };
  return exactly(byPosition([...records, copied]), position);
};

const swap =
  (sameWriter: boolean, keepPlaces: boolean): Mutate =>
  (records, pick) => {
    const first = pick(records.length);
    const fits = records.flatMap(({ writer }, index) =>
      index !== first && (writer.id === at(records, first).writer.id) === sameWriter ? [index] : [],
    );
    if (fits.length === 0) return undefined;
    const [i, j] = [first, fits[pick(fits.length)] as number].sort((a, b) => a - b) as [number, number];
    const [a, b] = [at(records, i), at(records, j)];
    const [place, other] = keepPlaces ? [a.position, b.position] : [b.position, a.position];
    const swapped = records.with(i, { ...b, position: place }).with(j, { ...a, position: other });
    const pruning = tellsOfPruning(a) || tellsOfPruning(b);
    return pruning ? upTo(swapped, a.position) : { ...exactly(swapped, a.position), named: [a.position] };
  };

const dropWriter: Mutate = (records, pick) => {
  const { writer } = at(records, pick(records.length));
  const gone = positions(records.filter((record) => record.writer.id === writer.id));
  const left = records.filter((record) => record.writer.id !== writer.id);
  const [first = 0, last = 0] = [gone[0], gone.at(-1)];
  if (records.some((record) => record.writer.id === writer.id && tellsOfPruning(record)))
    return upTo(left, last);
  // Where nothing comes behind them there is no gap, only the checkpoint that saw the last one.
  const cutOff = !left.some(({ position }) => position > first);
  return exactly(left, cutOff ? last : first);
};

const MUTATIONS: Readonly<Record<string, Mutate>> = {
  ...Object.fromEntries(Object.entries(EDITS).map(([field, change]) => [`edited ${field}`, edit(change)])),
  move,
  remove,
  renumber,
  repeat,
  forge,
  copy,
  'swap within a writer': swap(true, true),
  'swap of two writers': swap(false, true),
  'swap within a writer, with their positions': swap(true, false),
  'swap of two writers, with their positions': swap(false, false),
  dropWriter,
};

/** The names of all mutations. */
export const MUTATION_NAMES = Object.keys(MUTATIONS);

/** One mutation of a journal, chosen by a number; `undefined` where this journal gives no room for it. */
export function mutationOf(records: Records, name: string, choice: readonly number[]): Mutation | undefined {
  let next = 0;
  const pick = (below: number): number => (choice[next++ % choice.length] ?? 0) % below;
  const made = records.length === 0 ? undefined : MUTATIONS[name]?.(records, pick);
  return made && { name, ...made };
}
