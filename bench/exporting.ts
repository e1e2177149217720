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
// asks at a steady rate, as agents do; what is timed is a call from its beginning to its end.

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

/** Microseconds of a call at the median and the 99th percentile, and calls a second while nothing else is done. */
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
  for (let i = -500; i < calls; i++) {
    const start = performance.now();
    read(argumentsOf(i + 500));
    if (i >= 0) times[i] = (performance.now() - start) * 1000;
    if (i % CALLS_PER_TURN === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const sum = times.reduce((all, one) => all + one, 0);
  await guard.close();
  return [quantile(times, 0.5), quantile(times, 0.99), 1e6 / (sum / calls)];
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
console.log(
  'exporter'.padEnd(16),
  'p50 µs'.padStart(9),
  'p99 µs'.padStart(9),
  'decisions/s'.padStart(12),
  'of none',
);
for (const [name] of cases) {
  const rate = middle(name, 2);
  const share = `${((100 * rate) / middle('none', 2)).toFixed(1)} %`;
  const [p50, p99] = [middle(name, 0).toFixed(1), middle(name, 1).toFixed(0)];
  console.log(
    name.padEnd(16),
    p50.padStart(9),
    p99.padStart(9),
    rate.toFixed(0).padStart(12),
    share.padStart(8),
  );
}
stop();
rmSync(folder, { recursive: true });
