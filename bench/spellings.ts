import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ActionGuard, type ActionIntentInput } from 'plyra-guard';
import { hundredRules } from './guarded-call.ts';
import type { Note } from './journaled.ts';
import { quantile } from './measure.ts';

const TIMED = 20_000;
const HOSTILE_BYTES = 65_536;
/** A line of about 200 bytes as an agent writes them. */
const LINE =
  'cd packages/api && npm ci --no-audit && npm run build -- --mode=production | tee build.log; ' +
  "grep -rn 'export const' src --include='*.ts' | sort -u | head -n 20 > exports.txt && git add -A && git status";

/** Lines of shell, 64 KB each, that are meant to be slow to read. */
const HOSTILE: readonly (readonly [name: string, line: string])[] = [
  ['substitutions', repeated('$(', HOSTILE_BYTES)],
  ['balanced substitutions', `${'$('.repeat(20_000)}x${')'.repeat(20_000)}`],
  ['quotes', repeated('"\'', HOSTILE_BYTES)],
  ['commands', repeated('a;', HOSTILE_BYTES)],
  ['different commands', numbered((i) => `c${i} -x /p${i};`)],
  ['pipes', repeated('a|', HOSTILE_BYTES)],
  ['braces', repeated('{a,b}', HOSTILE_BYTES)],
  ['assignments', numbered((i) => `a${i}=$a${i + 1} `)],
  ['here-documents', numbered((i) => `cat <<E${i}\nx\nE${i}\n`)],
  ['nested shells', numbered(() => `bash -c "eval 'x'";`)],
  ['paths', numbered((i) => `cat ../a${i}/../b/./c%2e%2e/d;`)],
  ['encoded words', numbered((i) => `echo ${btoa(`rm -rf /${i}`)};`)],
  ['redirects', numbered((i) => `>/tmp/x${i} `)],
];

function repeated(part: string, length: number): string {
  return part.repeat(Math.ceil(length / part.length)).slice(0, length);
}

function numbered(part: (i: number) => string): string {
  let line = '';
  for (let i = 0; line.length < HOSTILE_BYTES; i++) line += part(i);
  return line.slice(0, HOSTILE_BYTES);
}

/** What judging costs where arguments are read: a path looked up in the file system, a line of shell, a hostile one. */
export function measureSpellings(note: Note): void {
  const folder = mkdtempSync(join(tmpdir(), 'plyra-bench-'));
  const deep = join(folder, 'packages', 'api', 'src');
  mkdirSync(deep, { recursive: true });
  writeFileSync(join(deep, 'index.ts'), '');
  const guard = new ActionGuard({ policy: hundredRules(), snapshotPath: null });
  try {
    const path = { actionType: 'file.read', parameters: { path: join(deep, 'index.ts') } };
    note('path-p50', quantile(timesOf(guard, path, TIMED), 0.5) * 1000);
    const shell = (command: string): ActionIntentInput => ({
      actionType: 'shell.run',
      parameters: { command },
    });
    note('shell-p50', quantile(timesOf(guard, shell(LINE), TIMED), 0.5) * 1000);
    note(
      'shell-hostile',
      Math.max(...HOSTILE.map(([, line]) => quantile(timesOf(guard, shell(line), 5), 0.5))),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Milliseconds of each `evaluate`, after a few that warm up. */
function timesOf(guard: ActionGuard, intent: string | ActionIntentInput, count: number): Float64Array {
  for (let i = 0; i < Math.min(2_000, count); i++) guard.evaluate(intent);
  const times = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    guard.evaluate(intent);
    times[i] = performance.now() - start;
  }
  return times;
}
