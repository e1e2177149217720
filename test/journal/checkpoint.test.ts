import { describe, expect, it } from 'vitest';
import { ConfigValidationError } from '../../src/core/errors.ts';
import { makeCheckpoint, readCheckpoint } from '../../src/journal/checkpoint.ts';
import { WrittenJournal } from './written-journal.ts';

const AT = new Date(1_900_000_000_000);
const journal = new WrittenJournal();
for (const writer of ['w2', 'w1', 'w2']) journal.append(writer, 'done', 'a', {});
const [, second, third] = journal.records;
const checkpoint = makeCheckpoint(journal.records, AT);

describe('a checkpoint', () => {
  it('names the newest record of each writer, and the newest of all', () => {
    expect(checkpoint).toEqual({
      v: 1,
      at: AT,
      position: 3,
      hash: third?.hash,
      writers: [
        { id: 'w1', seq: 1, hash: second?.hash, position: 2 },
        { id: 'w2', seq: 2, hash: third?.hash, position: 3 },
      ],
    });
  });

  it.each([checkpoint, makeCheckpoint([], AT)])('is read as it was made from its JSON', (made) => {
    expect(readCheckpoint(JSON.stringify(made))).toEqual(made);
  });

  it.each([
    ['', 'no JSON'],
    ['[]', 'no JSON object'],
    ['null', 'no JSON object'],
    ['{}', '`v` must be 1'],
    [{ v: 2 }, '`v` must be 1'],
    [{ at: 'yesterday' }, '`at`'],
    [{ at: 5 }, '`at`'],
    [{ writers: undefined }, '`writers`'],
    [{ writers: [null] }, '`writers`'],
    [{ writers: [{ ...checkpoint.writers[0], seq: '1' }] }, '`writers`'],
    [{ writers: [{ ...checkpoint.writers[0], seq: 0 }] }, '`writers`'],
    [{ writers: [{ ...checkpoint.writers[0], position: 1.5 }] }, '`writers`'],
    [{ writers: [checkpoint.writers[1], checkpoint.writers[1]] }, 'named twice'],
    [{ writers: [] }, 'newest writer'],
    [{ position: 4 }, 'newest writer'],
    [{ hash: 'f' }, 'newest writer'],
  ])('is refused with what is wrong: %j', (changes, message) => {
    const text = typeof changes === 'string' ? changes : JSON.stringify({ ...checkpoint, ...changes });
    expect(() => readCheckpoint(text)).toThrow(ConfigValidationError);
    expect(() => readCheckpoint(text)).toThrow(message);
  });
});
