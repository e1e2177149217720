import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ActionGuard } from 'plyra-guard';
import {
  DatadogExporter,
  type Exporter,
  JsonlExporter,
  OtelExporter,
  SidecarExporter,
  StdoutExporter,
  WebhookExporter,
} from 'plyra-guard/exporters';
import { argumentsOf, hundredRules, type ReadArguments } from './guarded-call.ts';
import { median, quantile } from './measure.ts';

// What each exporter costs a decision, with its receiver up and down: `npm run bench:exporters -- --runs 3`. An agent
// asks at a steady rate, as agents do; what is timed is a call from its beginning to its end; processor time is that of the whole process.

const CALLS_PER_TURN = 10;
const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
/** Nothing listens there: the port for discarding, which is privileged. */
const NOBODY = 'http://127.0.0.1:9';

const { values: options } = parseArgs({
  options: { calls: { type: 'string', default: '5000' }, runs: { type: 'string', default: '5' } },
});
const calls = Number(options.calls);
const runs = Number(options.runs);

const RECEIVER = `
  import { createServer } from 'node:http';
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(202).end());
  });
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
  process.on('disconnect', () => process.exit());`;

/** A receiver in a process of its own that takes everything. */
async function receiver(): Promise<{ readonly url: string; readonly stop: () => void }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', RECEIVER], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [port] = await once(child, 'message');
  return { url: `http://127.0.0.1:${port}`, stop: () => child.disconnect() };
}

type Make = (url: string, folder: string) => Exporter;

const quiet = { write: (_text: string, done: () => void) => setImmediate(done) };
const stuck = { write: (_text: string, _done: () => void) => undefined };

const EXPORTERS: Readonly<Record<string, Make>> = {
  stdout: (url) => new StdoutExporter({ stream: url === NOBODY ? stuck : quiet }),
  jsonl: (url, folder) =>
    new JsonlExporter({ path: url === NOBODY ? folder : join(folder, 'actions.jsonl') }),
  sidecar: (url) => new SidecarExporter({ url, token: 't' }),
  otel: (url) => new OtelExporter({ endpoint: url, loadApi: async () => null }),
  datadog: (url) => new DatadogExporter({ service: 's', env: 'e', apiKey: 'k', url }),
  webhook: (url) => new WebhookExporter({ url, secret: SECRET, allowPrivate: true }),
};

/** Microseconds of a call at the median and the 99th percentile, and of processor time for it with all that is done behind it. */
async function measure(
  exporter: Exporter | null,
  folder: string,
): Promise<readonly [number, number, number]> {
  const guard = new ActionGuard({
    policy: hundredRules(),
    snapshotPath: join(folder, `journal-${Math.random()}.db`),
    exporters: exporter === null ? [] : [exporter],
  });
  const read = guard.wrap(({ key }: ReadArguments): number => key.length);
  const times = new Float64Array(calls);
  let before = process.cpuUsage();
  for (let i = -500; i < calls; i++) {
    if (i === 0) before = process.cpuUsage();
    const start = performance.now();
    read(argumentsOf(i + 500));
    if (i >= 0) times[i] = (performance.now() - start) * 1000;
    if (i % CALLS_PER_TURN === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const { user, system } = process.cpuUsage(before);
  await guard.close();
  return [quantile(times, 0.5), quantile(times, 0.99), (user + system) / calls];
}

const folder = mkdtempSync(join(tmpdir(), 'plyra-exporting-'));
const { url, stop } = await receiver();
const cases: [string, (() => Exporter) | null][] = [['none', null]];
for (const [name, make] of Object.entries(EXPORTERS)) {
  cases.push([`${name}, up`, () => make(url, folder)], [`${name}, down`, () => make(NOBODY, folder)]);
}
const found = new Map<string, (readonly [number, number, number])[]>(cases.map(([name]) => [name, []]));
for (let run = 0; run < runs; run++) {
  for (const [name, make] of cases)
    found.get(name)?.push(await measure(make === null ? null : make(), folder));
}
const middle = (name: string, at: 0 | 1 | 2): number => median((found.get(name) ?? []).map((one) => one[at]));
const row = (name: string, cells: readonly string[]): void =>
  console.log(name.padEnd(14), ...cells.map((text) => text.padStart(12)));
row('exporter', ['p50 µs', 'of none', 'p99 µs', 'CPU µs']);
for (const [name] of cases) {
  const p50 = middle(name, 0);
  const share = `${((100 * p50) / middle('none', 0)).toFixed(1)} %`;
  row(name, [p50.toFixed(1), share, middle(name, 1).toFixed(0), middle(name, 2).toFixed(0)]);
}
stop();
rmSync(folder, { recursive: true });
