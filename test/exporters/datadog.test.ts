import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DatadogExporter } from '../../src/exporters/datadog.ts';
import { entryOf } from '../../src/testing/exporter/entries.ts';
import { Receiver } from '../webhook/receiver.ts';
import type { Received } from '../webhook/verify.ts';

const OWN = { service: 'agents', env: 'test', apiKey: 'dd-secret-key' };

interface Log {
  readonly plyra: Readonly<Record<string, unknown>>;
}

/** Reads a request as the intake does: https://docs.datadoghq.com/api/latest/logs/#send-logs */
function logsOf({ headers, bytes }: Received): Log[] {
  if (headers['content-encoding'] !== 'gzip' || headers['dd-api-key'] !== OWN.apiKey) throw new Error('403');
  const body = gunzipSync(bytes);
  if (body.length > 5_000_000) throw new Error('413');
  const logs = JSON.parse(body.toString()) as Log[];
  if (logs.length > 1_000) throw new Error('400: too many');
  if (logs.some((log) => Buffer.byteLength(JSON.stringify(log)) > 1_000_000))
    throw new Error('400: too long');
  return logs;
}

describe('DatadogExporter', () => {
  it('sends logs as the intake wants them', async () => {
    const receiver = await Receiver.start((response) => response.writeHead(202).end('{}'));
    const exporter = new DatadogExporter({ ...OWN, url: receiver.url });
    exporter.export(entryOf('a', { outcome: 'BLOCK', state: 'refused', reason: 'not there' }));
    await exporter.close();
    const [log] = receiver.received.flatMap(logsOf);
    expect(log).toMatchObject({
      ...{ ddsource: 'plyra-guard', ddtags: 'env:test', service: 'agents', status: 'error' },
      message: 'BLOCK write_file: not there',
      timestamp: 1_900_000_000_000,
      plyra: { action_id: 'a', outcome: 'BLOCK', tool_name: 'write_file' },
    });
  });

  it('keeps to 1,000 entries and 5 MB a request', async () => {
    const receiver = await Receiver.start((response) => response.writeHead(202).end());
    const exporter = new DatadogExporter({ ...OWN, url: receiver.url });
    for (let i = 0; i < 1_500; i++) exporter.export(entryOf(`a${i}`));
    await exporter.flush();
    const text = 'ü'.repeat(300_000);
    for (let i = 0; i < 16; i++) exporter.export(entryOf(`b${i}`, { parameters: { text } }));
    await exporter.close();
    const requests = receiver.received.map(logsOf);
    expect(requests.slice(0, 2).map(({ length }) => length)).toEqual([1_000, 500]);
    expect(requests.slice(2).map(({ length }) => length)).toEqual([8, 8]);
    expect(exporter.counts).toMatchObject({ delivered: 1_516, dropped: 0, rejected: 0 });
  });

  it('cuts an action above 1 MB, and says so in it', async () => {
    const receiver = await Receiver.start((response) => response.writeHead(202).end());
    const exporter = new DatadogExporter({ ...OWN, url: receiver.url });
    exporter.export(
      entryOf('a', { parameters: { text: 'x'.repeat(2_000_000) }, intent: 'y'.repeat(2_000_000) }),
    );
    await exporter.close();
    const [log] = receiver.received.flatMap(logsOf);
    expect(log?.plyra).toMatchObject({
      ...{ action_id: 'a', parameters: null, result: null },
      labels: ['cut:parameters,result,evaluator_results,intent'],
    });
    expect(String(log?.plyra.intent)).toHaveLength(1_000);
  });

  it.each([
    [{ service: '' }, '`service`'],
    [{ env: 'a,b' }, '`env`'],
    [{ apiKey: 'a\nb' }, '`apiKey`'],
    [{ apiKey: undefined }, '`apiKey`'],
    [{ site: 'evil.com/x?' }, '`site`'],
    [{ url: 'nowhere' }, '`url`'],
  ])('refuses %j', (change, message) => {
    expect(() => new DatadogExporter({ ...OWN, ...change } as typeof OWN)).toThrow(message);
  });
});
