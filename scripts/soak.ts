import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

/** A suite whose properties are run many more times than in `npm test`. */
interface Soak {
  readonly name: string;
  readonly files: readonly string[];
  /** Every property runs this many times as often as in `npm test`. */
  readonly factor: number;
  readonly says: string;
  /** What is measured beside it, which no test may depend on: a program that prints JSON. */
  readonly measures?: { readonly program: string; readonly says: string };
}

const SOAKS: readonly Soak[] = [
  {
    name: 'fail-closed',
    files: ['test/call/fail-closed.test.ts'],
    factor: 200,
    says: 'A fault at every evaluator, store call and limiter call; a tool that runs in spite of one fails the suite.',
  },
  {
    name: 'pattern-oracle',
    files: ['test/policy/pattern'],
    factor: 10,
    says: 'Generated patterns and strings, compared with what Python 3 answers for the original pattern.',
  },
  {
    name: 'condition-oracle',
    files: ['test/policy/conditions'],
    factor: 10,
    says: 'Generated conditions, compared with what Python 3 answers.',
  },
  {
    name: 'indexed-matching',
    files: ['test/policy/index'],
    factor: 10,
    says: 'Indexed matching against a plain loop over all rules and conditions.',
  },
  {
    name: 'crash',
    files: ['test/crash'],
    factor: 25,
    says: '500 processes, four at a time on one journal, killed with SIGKILL at random moments; what is left of the journal.',
  },
  {
    name: 'audit',
    files: ['test/journal'],
    factor: 10,
    says: 'Mutations of a journal, each of which the two verifiers must find and name; canary secrets in stored bytes.',
  },
  {
    name: 'undo-files',
    files: ['test/rollback/file'],
    factor: 20,
    says: '2,000 tasks of 1 to 40 operations on files, undone whole, and as many with a change by somebody else in between.',
  },
  {
    name: 'limits',
    files: ['test/limits'],
    factor: 10,
    says: 'Four processes on one budget; rate windows and budgets against a model, with interleavings and crashes.',
  },
  {
    name: 'approvals',
    files: ['test/approvals', 'test/stores/sqlite/approval', 'test/crash/approvals'],
    factor: 50,
    says:
      '1,000 calls of four guarded processes for one approved request, and 4,000 claims of it on the store: one execution each. ' +
      '200 agents killed with SIGKILL while their calls wait: every request survives, others wait on, the same calls of a ' +
      'restarted agent run by their approvals, once. What the same call is; who may decide.',
    measures: {
      program: 'scripts/decision-latency.ts',
      says: 'from a decision in another process to the run of the call that waits for it, in ms',
    },
  },
];

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
}

/** What came of a soak. */
interface Result {
  /** Its line of the evidence table. */
  readonly line: string;
  readonly passed: boolean;
  /** Its line below the table, where something is measured. */
  readonly measured: string | null;
}

/** Runs one soak in a child process. */
function run({ name, files, factor, says, measures }: Soak): Result {
  const output = join(tmpdir(), `plyra-soak-${process.pid}-${name}.json`);
  const started = performance.now();
  const vitest = ['vitest', 'run', ...files, '--testTimeout=0', '--reporter=json', `--outputFile=${output}`];
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
  const measured =
    measures === undefined ? null : `- ${name}: ${measures.says}: ${figures(measures.program)}.`;
  return { line: `| ${name} | ${says} | ${factor} × | ${counts} | ${seconds} s |`, passed, measured };
}

/** What a program measured, as text. Throws where it fails. */
function figures(program: string): string {
  const child = spawnSync(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.status !== 0) throw new Error(`${program} failed.`);
  const measured = Object.entries(JSON.parse(child.stdout.toString()) as Record<string, number>);
  return measured.map(([name, figure]) => `${name} ${figure}`).join(', ');
}

const PAGE = new URL('../docs/evidence/soak.md', import.meta.url);

/** The lines of the page as it is that soaks which are not run now have written, as long as it is of this machine. */
function kept(machine: readonly string[]): readonly string[] {
  const lines = existsSync(PAGE) ? readFileSync(PAGE, 'utf8').split('\n') : [];
  return machine.every((line) => lines.includes(line)) ? lines : [];
}

const wanted = process.argv.slice(2);
const results = new Map(
  SOAKS.filter(({ name }) => wanted.length === 0 || wanted.includes(name)).map((soak) => [
    soak.name,
    run(soak),
  ]),
);
const { model = 'unknown processor' } = cpus()[0] ?? {};
const machine = [
  `Machine: ${model.trim()}, ${cpus().length} cores, Node ${process.version}, ${process.platform} ${process.arch}.`,
  `Seed: ${process.env.PLYRA_SEED ?? 'the default one'}.`,
];
const before = kept(machine);
const lineOf = (name: string, start: string, line: string | null | undefined): string[] => {
  if (results.has(name)) return line === null || line === undefined ? [] : [line];
  return before.filter((known) => known.startsWith(start));
};
const page = [
  '# Evidence of the soak run',
  '',
  'Written by `npm run soak`: the suites of `npm test`, with every property run many more times. `npm run soak -- <name>` writes',
  'the line of one soak anew.',
  '',
  ...machine,
  '',
  '| soak | what is run | times `npm test` | tests | time |',
  '| --- | --- | --- | --- | --- |',
  ...SOAKS.flatMap(({ name }) => lineOf(name, `| ${name} |`, results.get(name)?.line)),
  '',
  'Measured on the same machine, and no test:',
  '',
  ...SOAKS.flatMap(({ name }) => lineOf(name, `- ${name}:`, results.get(name)?.measured)),
  '',
];
if (wanted.length === 0 || before.length > 0) {
  mkdirSync(new URL('.', PAGE), { recursive: true });
  writeFileSync(PAGE, page.join('\n'));
} else {
  console.log(page.join('\n'));
}
process.exitCode = results.size > 0 && [...results.values()].every(({ passed }) => passed) ? 0 : 1;
