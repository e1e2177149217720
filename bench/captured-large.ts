import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ActionGuard, Policy } from 'plyra-guard';
import { fileHandler } from '../src/rollback/file.ts';
import type { LargeCapture } from './captured.ts';
import { median } from './measure.ts';

/** Captures a file of 100 MB in a process of its own, for memory is counted by the process. Prints a {@link LargeCapture}. */
const MB = 1 << 20;
const SIZE_MB = 100;
const ROUNDS = 5;

const folder = mkdtempSync(join(tmpdir(), 'plyra-bench-'));
const file = join(folder, 'file');
const copy = join(folder, 'copy');
for (let i = 0; i < SIZE_MB; i++) writeFileSync(file, randomBytes(MB), { flag: 'a' });

const policy = new Policy({ rules: [], defaultAction: 'allow' });
const guard = new ActionGuard({ policy, snapshotPath: join(folder, 'journal.db') });
const handler = fileHandler();
let captured = Number.NaN;
let grown = 0;
guard.registerRollbackHandler('file.*', {
  ...handler,
  capture: (intent, context) => {
    const before = process.resourceUsage().maxRSS;
    const start = performance.now();
    const data = handler.capture(intent, context);
    captured = performance.now() - start;
    grown = Math.max(grown, (process.resourceUsage().maxRSS - before) / 1024);
    return data;
  },
});
// Each round has another content: one that is kept already would not be written again.
const change = guard.wrap(({ path }: { readonly path: string }) => writeFileSync(path, 'x', { flag: 'a' }), {
  actionType: 'file.append',
});

const captures: number[] = [];
const copies: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const start = performance.now();
  copyFileSync(file, copy);
  copies.push(performance.now() - start);
  rmSync(copy);
  change({ path: file });
  captures.push(captured);
}
await guard.close();
rmSync(folder, { recursive: true });
const told: LargeCapture = { times: median(captures) / median(copies), grownMb: grown };
console.log(JSON.stringify(told));
