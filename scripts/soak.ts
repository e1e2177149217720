import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

/** A suite whose properties are run many more times than in `npm test`. */
interface Soak {
  readonly name: string;
  readonly file: string;
  /** Every property runs this many times as often as in `npm test`. */
  readonly factor: number;
  readonly says: string;
}

const SOAKS: readonly Soak[] = [
  {
    name: 'fail-closed',
    file: 'test/call/fail-closed.test.ts',
    factor: 200,
    says: 'A fault at every evaluator, store call and limiter call; a tool that runs in spite of one fails the suite.',
  },
  {
    name: 'pattern-oracle',
    file: 'test/policy/pattern',
    factor: 10,
    says: 'Generated patterns and strings, compared with what Python 3 answers for the original pattern.',
  },
  {
    name: 'condition-oracle',
    file: 'test/policy/conditions',
    factor: 10,
    says: 'Generated conditions, compared with what Python 3 answers.',
  },
  {
    name: 'indexed-matching',
    file: 'test/policy/index',
    factor: 10,
    says: 'Indexed matching against a plain loop over all rules and conditions.',
  },
  {
    name: 'crash',
    file: 'test/crash',
    factor: 25,
    says: '500 processes, four at a time on one journal, killed with SIGKILL at random moments; what is left of the journal.',
  },
  {
    name: 'audit',
    file: 'test/journal',
    factor: 10,
    says: 'Mutations of a journal, each of which the two verifiers must find and name; canary secrets in stored bytes.',
  },
  {
    name: 'limits',
    file: 'test/limits',
    factor: 10,
    says: 'Four processes on one budget; rate windows and budgets against a model, with interleavings and crashes.',
  },
];

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
}

/** Runs one soak in a child process and returns its line of the evidence table. */
function run({ name, file, factor, says }: Soak): { readonly line: string; readonly passed: boolean } {
  const output = join(tmpdir(), `plyra-soak-${process.pid}-${name}.json`);
  const started = performance.now();
  const vitest = ['vitest', 'run', file, '--testTimeout=0', '--reporter=json', `--outputFile=${output}`];
  const child = spawnSync('npx', vitest, {
    env: { ...process.env, PLYRA_RUNS: String(factor) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const report = JSON.parse(readFileSync(output, 'utf8')) as Report;
  rmSync(output);
  const seconds = Math.round((performance.now() - started) / 1000);
  const { numPassedTests, numFailedTests, numPendingTests } = report;
  const passed = child.status === 0 && numFailedTests === 0 && numPassedTests > 0;
  const counts = `${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`;
  return { line: `| ${name} | ${says} | ${factor} × | ${counts} | ${seconds} s |`, passed };
}

const wanted = process.argv.slice(2);
const results = SOAKS.filter(({ name }) => wanted.length === 0 || wanted.includes(name)).map(run);
const { model = 'unknown processor' } = cpus()[0] ?? {};
const page = [
  '# Evidence of the soak run',
  '',
  'Written by `npm run soak`: the suites of `npm test`, with every property run many more times.',
  '',
  `Machine: ${model.trim()}, ${cpus().length} cores, Node ${process.version}, ${process.platform} ${process.arch}.`,
  `Seed: ${process.env.PLYRA_SEED ?? 'the default one'}.`,
  '',
  '| soak | what is run | times `npm test` | tests | time |',
  '| --- | --- | --- | --- | --- |',
  ...results.map(({ line }) => line),
  '',
];
if (wanted.length === 0) {
  mkdirSync(new URL('../docs/evidence/', import.meta.url), { recursive: true });
  writeFileSync(new URL('../docs/evidence/soak.md', import.meta.url), page.join('\n'));
} else {
  console.log(page.join('\n'));
}
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;
