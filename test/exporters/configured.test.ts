import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig, parseConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/core/errors.ts';
import { ActionGuard } from '../../src/guard.ts';
import { GuardExporters } from '../../src/guard-exporters.ts';
import { entryOf } from '../../src/testing/exporter/entries.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { Receiver } from '../webhook/receiver.ts';
import { SECRET, verified } from '../webhook/verify.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'plyra-configured-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const exporters = (yaml: string) => parseConfig(`observability: {exporters: ${yaml}}`, { file: 'p.yaml' });

function problemOf(yaml: string): ConfigError {
  try {
    exporters(yaml);
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error('It was accepted.');
}

describe('exporters in a file', () => {
  it('are those of the contract, by name or with options', () => {
    const secret = `whsec_${'A'.repeat(32)}`;
    const loaded =
      exporters(`[stdout, sidecar, otel, {stdout: {level: warn, stream: stderr}}, {jsonl: {path: a.jsonl}},
      {sidecar: {url: 'http://10.0.0.1:8765', token: abc}}, {otel: {endpoint: 'http://c:4318', include_arguments: true}},
      {datadog: {service: s, env: e, api_key: k, site: datadoghq.eu}},
      {webhook: {url: 'https://hooks.example/x', secret: ${secret}}}]`);
    expect(loaded.settings.observability.exporters).toEqual([
      { name: 'stdout', options: {} },
      { name: 'sidecar', options: {} },
      { name: 'otel', options: {} },
      { name: 'stdout', options: { level: 'warn', stream: 'stderr' } },
      { name: 'jsonl', options: { path: 'a.jsonl' } },
      { name: 'sidecar', options: { url: 'http://10.0.0.1:8765', token: 'abc' } },
      { name: 'otel', options: { endpoint: 'http://c:4318', includeArguments: true } },
      { name: 'datadog', options: { service: 's', env: 'e', apiKey: 'k', site: 'datadoghq.eu' } },
      { name: 'webhook', options: { url: 'https://hooks.example/x', secret, allowPrivate: false } },
    ]);
  });

  it.each([
    ['[stdot]', 29, 'Did you mean `stdout`?'],
    ['[jsonl]', 29, 'given with its options, as `jsonl: {path: …}`'],
    ['[datadog]', 29, '`datadog: {service: …, env: …, api_key: …}`'],
    ['[webhook]', 29, '`webhook: {url: …, secret: …}`'],
    ['[{stdout: {levl: warn}}]', 39, 'Did you mean `level`?'],
    ['[{stdout: {level: debug}}]', 46, 'one of: info, warn, error'],
    ['[{jsonl: {}}]', 37, 'needs `path`'],
    ['[{jsonl: {path: 7}}]', 44, 'a path'],
    ['[{sidecar: {url: "localhost:8765"}}]', 45, 'a URL that begins with `http://`'],
    ['[{sidecar: {tokn: x}}]', 40, 'Did you mean `token`?'],
    ['[{otel: {endpont: x}}]', 37, 'Did you mean `endpoint`?'],
    ['[{otel: {include_arguments: 1}}]', 56, 'true or false'],
    ['[{datadog: {service: s, env: e}}]', 39, 'needs `api_key`'],
    ['[{datadog: {service: "a b", env: e, api_key: k}}]', 49, 'a text without spaces and commas'],
    [
      '[{datadog: {service: s, env: e, api_key: k, site: "evil.com/x"}}]',
      78,
      'a host such as `datadoghq.eu`',
    ],
    ['[{webhook: {url: "https://10.0.0.1", secret: x}}]', 45, 'the URL of a public host'],
  ])('%s is an error with its place', (yaml, column, message) => {
    const error = problemOf(yaml);
    expect(error.message).toContain(message);
    expect(error).toMatchObject({ file: 'p.yaml', line: 1, column });
  });

  it.each([
    '[{sidecar: {token: "hunter2 hunter2"}}]',
    '[{datadog: {service: s, env: e, api_key: "hunter2 hunter2"}}]',
    '[{webhook: {url: "https://hooks.example", secret: "hunter2"}}]',
  ])('%s is an error that does not repeat the secret', (yaml) => {
    expect(problemOf(yaml).message).not.toContain('hunter2');
  });

  it('are as docs/exporters.md shows them', () => {
    const text = readFileSync(new URL('../../examples/exporters.yaml', import.meta.url), 'utf8');
    const env = { DD_API_KEY: 'key', WEBHOOK_SECRET: SECRET };
    const { settings } = parseConfig(text, { env });
    const names = settings.observability.exporters.map(({ name }) => name);
    expect(names).toEqual(['stdout', 'jsonl', 'sidecar', 'otel', 'datadog', 'webhook']);
  });

  it('are told of finished calls, beside those given in code, and counted by name', async () => {
    const path = join(folder(), 'actions.jsonl');
    const receiver = await Receiver.start();
    const seen: string[] = [];
    const guard = new ActionGuard({
      snapshotPath: null,
      config: {
        defaultAction: 'allow',
        rules: [],
        observability: {
          exporters: [
            { jsonl: { path } },
            { webhook: { url: receiver.url, secret: SECRET, allowPrivate: true } },
          ],
        },
      },
      exporters: [{ name: 'mine', export: ({ intent }) => void seen.push(intent) }],
    });
    guard.wrap((text: string) => text)('hello');
    await guard.flush();
    expect(seen).toEqual(['hello']);
    expect(JSON.parse(readFileSync(path, 'utf8')).intent).toBe('hello');
    expect(receiver.received.map(verified)).toHaveLength(1);
    const one = { delivered: 1, dropped: 0, rejected: 0, failures: 0, waiting: 0 };
    expect({ ...guard.getMetrics().exporters }).toEqual({ mine: one, jsonl: one, webhook: one });
    const text = guard.getMetrics().toPrometheus();
    expect(text).toContain('plyra_guard_exporter_entries_total{exporter="jsonl",result="delivered"} 1\n');
    expect(text).toContain('plyra_guard_exporter_queue{exporter="webhook"} 0\n');
    expect(text).toContain('# TYPE plyra_guard_exporter_failures_total counter\n');
    await guard.close();
  });

  it('stay, with what waits in them, where a reload does not change them; others are closed', async () => {
    const place = folder();
    const file = join(place, 'p.yaml');
    const [first, second] = [join(place, 'first.jsonl'), join(place, 'second.jsonl')];
    const load = (path: string | null, extra = '') => {
      writeFileSync(
        file,
        `observability: {exporters: [${path === null ? '' : `{jsonl: {path: ${path}}}`}]}\n${extra}`,
      );
      return loadConfig(file);
    };
    const fanOut = new GuardExporters([], new FakeClock());
    expect(fanOut.isEmpty).toBe(true);
    fanOut.apply(load(first));
    fanOut.deliver(entryOf('a'));
    fanOut.apply(load(first, 'mode: enforce'));
    fanOut.deliver(entryOf('b'));
    fanOut.apply(load(second));
    fanOut.deliver(entryOf('c'));
    fanOut.apply(load(null));
    expect(fanOut.isEmpty).toBe(true);
    await fanOut.close();
    const idsIn = (path: string) =>
      readFileSync(path, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).action_id);
    expect([idsIn(first), idsIn(second)]).toEqual([['a', 'b'], ['c']]);
  });
});

describe('an exporter that is loaded late', () => {
  it('is told in a warning, once, where it cannot be made', async () => {
    const warnings: string[] = [];
    const note = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', note);
    const { LazyExporter } = await import('../../src/exporters/lazy.ts');
    const exporter = new LazyExporter('odd', async () => {
      throw new Error('no such thing');
    });
    for (const id of ['a', 'b']) exporter.export(entryOf(id));
    await exporter.close();
    await new Promise((resolve) => void setImmediate(resolve));
    process.off('warning', note);
    expect(warnings).toEqual(['The exporter `odd` cannot be used, and its entries are lost: no such thing']);
    expect(exporter.counts).toMatchObject({ dropped: 2, waiting: 0 });
  });
});
