import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ratios } from './ahead.ts';
import { measureBounded } from './bounded.ts';
import { BOUNDS } from './bounds.ts';
import { COMPARISONS, compare, type Table } from './comparison.ts';
import { measureCorpora } from './corpora.ts';
import { guardWithLimits, timeAsyncCalls, timeSyncCalls } from './guarded-call.ts';
import { type Judged, judge } from './judge.ts';
import { describeMachine, versionsOf } from './machine.ts';
import { others, ours, peers } from './peers/all.ts';
import { cells, markdown } from './report.ts';

const PAGE = new URL('../docs/benchmarks.md', import.meta.url);
const COMPARED = { warmUp: 60, measured: 200 };
const BOUNDED = { warmUp: 200, measured: 300 };

const { values: options } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
const runs = Number(options.runs);
if (!Number.isInteger(runs) || runs < 1)
  throw new Error(`--runs takes a whole number of 1 or more, not ${options.runs}`);

const withLimits = { sync: timeSyncCalls(guardWithLimits()), async: await timeAsyncCalls(guardWithLimits()) };
const measured = new Map(await measureBounded(runs, BOUNDED, (line) => console.error(line)));
const tables: Table[] = [];
for (const comparison of COMPARISONS) {
  console.error(comparison.title);
  const table = await compare(comparison, peers, COMPARED);
  tables.push(table);
  print(comparison.title, cells(table));
}
const closest = await ratios(tables, ours, others, runs, COMPARED);
measured.set('ahead', closest[0]?.values ?? []);
const bounds = judge(BOUNDS, measured);
print('Bounds', [['', 'bound', 'median', ''], ...bounds.map(boundRow)]);

mkdirSync(new URL('.', PAGE), { recursive: true });
writeFileSync(
  PAGE,
  markdown({
    machine: describeMachine(),
    command: 'npm run bench',
    tables,
    versions: versionsOf(peers),
    bounds,
    closest,
    withLimits,
    corpora: measureCorpora(),
  }),
);
if (bounds.some(({ met }) => !met)) process.exitCode = 1;

function boundRow({ bound, value, met }: Judged): string[] {
  return [
    bound.what,
    `${bound.moreIsBetter === true ? '≥' : '≤'} ${bound.limit} ${bound.unit}`,
    `${value.toFixed(2)} ${bound.unit}`,
    met ? 'met' : 'NOT MET',
  ];
}

function print(title: string, rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((text, at) => (at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0)))
      .join('  ');
  console.log(`\n${title}\n${rows.map(line).join('\n')}`);
}
