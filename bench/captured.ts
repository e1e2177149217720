import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ActionGuard, Policy } from 'plyra-guard';
import type { Note } from './journaled.ts';
import { median } from './measure.ts';

const CALLS = 400;
const WARM_UP_CALLS = 50;
const SMALL = Buffer.alloc(4096, 'a');

/** What it costs to make changes of files undoable: of a small one by the call, of a large one beside copying it. */
export async function measureCaptured(note: Note): Promise<void> {
  note('capture-4k', await addedBySmallFile());
  const script = fileURLToPath(new URL('captured-large.ts', import.meta.url));
  const told = execFileSync(process.execPath, [script], { encoding: 'utf8' });
  const { times, grownMb } = JSON.parse(told) as LargeCapture;
  note('capture-100m', times);
  note('capture-100m-memory', grownMb);
}

/** What the process that captures a large file prints. */
export interface LargeCapture {
  /** How often the file could have been copied meanwhile. */
  readonly times: number;
  /** By how much the most memory that it ever had was more than before, in megabytes. */
  readonly grownMb: number;
}

/** Milliseconds by which guarded calls that write over a file of 4 KB are slower that can be undone, journal on disk. */
async function addedBySmallFile(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'plyra-bench-'));
  try {
    const policy = new Policy({ rules: [], defaultAction: 'allow' });
    const [plain, undoable] = [false, true].map((enabled) => {
      const config = { rateLimits: { default: '1000000/sec' }, rollback: { enabled } };
      return new ActionGuard({ policy, config, snapshotPath: join(folder, `${enabled}.db`) });
    }) as [ActionGuard, ActionGuard];
    const file = join(folder, 'file');
    writeFileSync(file, SMALL);
    const writers = [plain, undoable].map(writerOf);
    const times = writers.map(() => new Float64Array(CALLS));
    for (let call = -WARM_UP_CALLS; call < CALLS; call++) {
      // In turns: what else the machine does meanwhile slows both.
      for (const [which, write] of writers.entries()) {
        const start = performance.now();
        write({ path: file });
        if (call >= 0) times[which]?.fill(performance.now() - start, call, call + 1);
      }
    }
    const [without = Number.NaN, withIt = Number.NaN] = times.map((each) => median(each));
    await plain.close();
    await undoable.close();
    return withIt - without;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writerOf(guard: ActionGuard): (input: { readonly path: string }) => void {
  const content = Buffer.from(SMALL);
  return guard.wrap(
    (input: { readonly path: string }): void => {
      // Another content each time, so that none is kept already.
      content.writeDoubleLE(Math.random());
      writeFileSync(input.path, content);
    },
    { actionType: 'file.write' },
  );
}
