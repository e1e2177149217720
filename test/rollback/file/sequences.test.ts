import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { soakFactor } from '../../seed.ts';
import { digestOf } from './digest.ts';
import { callOfOperation, operations, perform } from './operations.ts';
import { Scene, type Taken } from './scene.ts';

/** 40 sequences in `npm test`, 2,000 in the soak. */
const RUNS = 40 * soakFactor;

describe('1 to 40 operations on files, undone one by one from the last to the first', () => {
  it('leave everything as it was before', { timeout: 0 }, () => {
    fc.assert(
      fc.property(operations, operations, (before, after) => {
        const scene = new Scene();
        try {
          for (const one of before) attempt(() => perform(scene.folder, one));
          const digest = digestOf(scene.folder);
          const taken: Taken[] = [];
          for (const one of after) {
            const [type, parameters] = callOfOperation(scene.folder, one);
            const work = (): void => attempt(() => perform(scene.folder, one));
            const noted = scene.actIfAny(type, parameters, work);
            if (noted !== undefined) taken.push(noted);
          }
          for (const one of taken.reverse()) scene.restore(one);
          expect(digestOf(scene.folder)).toEqual(digest);
        } finally {
          scene.remove();
        }
      }),
      { numRuns: RUNS },
    );
  });
});

/** Many operations make no sense where they come, and do nothing then, or a part. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // The tool threw, and what it did is undone all the same.
  }
}
