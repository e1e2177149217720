import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Clock } from '../../src/core/clock.ts';
import { DatadogExporter } from '../../src/exporters/datadog.ts';
import type { Exporter } from '../../src/exporters/exporter.ts';
import { FanOut } from '../../src/exporters/fan-out.ts';
import { JsonlExporter } from '../../src/exporters/jsonl.ts';
import { OtelExporter } from '../../src/exporters/otel.ts';
import { SidecarExporter } from '../../src/exporters/sidecar.ts';
import { StdoutExporter } from '../../src/exporters/stdout.ts';
import { WebhookExporter } from '../../src/exporters/webhook.ts';
import { type ExporterSetup, exporterSuite } from '../../src/testing/exporter-suite.ts';
import { Receiver } from '../webhook/receiver.ts';
import { type Received, SECRET, verified } from '../webhook/verify.ts';

const tools = { describe, it, expect };
const MOST = 40;
const NO_COUNTS = { delivered: 0, dropped: 0, rejected: 0, failures: 0, waiting: 0 };

interface Made {
  readonly url: string;
  readonly clock: Clock;
  readonly maxWaiting: number;
}

/** An exporter with a real HTTP server, and how action ids are read out of one request. */
async function overHttp(
  clock: Clock,
  make: (made: Made) => Exporter,
  idsOf: (request: Received) => readonly unknown[],
): Promise<ExporterSetup> {
  let status = 200;
  const taken: Received[] = [];
  const receiver = await Receiver.start((response, number) => {
    const request = receiver.received[number];
    if (status === 200 && request !== undefined) taken.push(request);
    response.writeHead(status).end();
  });
  const exporter = make({ url: receiver.url, clock, maxWaiting: MOST });
  return {
    exporter,
    most: MOST,
    counts: () => exporter.counts ?? NO_COUNTS,
    setReceiver: (state) => {
      status = state === 'up' ? 200 : 503;
    },
    arrived: () => taken.flatMap(idsOf).map(String),
  };
}

interface WithId {
  readonly action_id: string;
}

exporterSuite(
  'SidecarExporter',
  ({ clock }) =>
    overHttp(
      clock,
      (made) => new SidecarExporter({ ...made, token: 'plyra_ingest_x' }),
      ({ text }) => (JSON.parse(text) as { actions: WithId[] }).actions.map((one) => one.action_id),
    ),
  tools,
);

exporterSuite(
  'WebhookExporter',
  ({ clock }) =>
    overHttp(
      clock,
      (made) => new WebhookExporter({ ...made, secret: SECRET, allowPrivate: true }),
      (request) => (verified(request).data.actions as WithId[]).map((one) => one.action_id),
    ),
  tools,
);

exporterSuite(
  'DatadogExporter',
  ({ clock }) =>
    overHttp(
      clock,
      (made) => new DatadogExporter({ ...made, service: 's', env: 'test', apiKey: 'k' }),
      ({ bytes }) => {
        const logs = JSON.parse(gunzipSync(bytes).toString()) as { plyra: WithId }[];
        return logs.map(({ plyra }) => plyra.action_id);
      },
    ),
  tools,
);

interface Span {
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue: string } }[];
}

exporterSuite(
  'OtelExporter',
  ({ clock }) =>
    overHttp(
      clock,
      ({ url, ...made }) => new OtelExporter({ ...made, endpoint: url, loadApi: async () => null }),
      ({ text }) => {
        const { resourceSpans } = JSON.parse(text) as {
          resourceSpans: { scopeSpans: { spans: Span[] }[] }[];
        };
        const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
        return spans
          .filter(({ name }) => name.startsWith('plyra.decide '))
          .map(
            ({ attributes }) => attributes.find(({ key }) => key === 'plyra.action.id')?.value.stringValue,
          );
      },
    ),
  tools,
);

exporterSuite(
  'StdoutExporter',
  ({ clock }) => {
    let isUp = true;
    let text = '';
    const stream = {
      write(written: string, done: (error?: Error) => void): void {
        if (isUp) text += written;
        queueMicrotask(() => (isUp ? done() : done(new Error('EPIPE'))));
      },
    };
    const exporter = new StdoutExporter({ stream, clock, maxWaiting: MOST });
    return {
      exporter,
      most: MOST,
      counts: () => exporter.counts,
      setReceiver: (state) => {
        isUp = state === 'up';
      },
      arrived: () => idsOfLines(text),
    };
  },
  tools,
);

exporterSuite(
  'JsonlExporter',
  ({ clock }) => {
    const folder = mkdtempSync(join(tmpdir(), 'plyra-jsonl-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'actions.jsonl');
    const moved = `${path}.1`;
    const exporter = new JsonlExporter({ path, clock, maxWaiting: MOST });
    return {
      exporter,
      most: MOST,
      counts: () => exporter.counts,
      // A folder is in the file's way.
      setReceiver: (state) => {
        if (state === 'up') rmdirSync(path);
        else {
          if (textOf(path) !== '') renameSync(path, moved);
          mkdirSync(path);
        }
      },
      arrived: () => idsOfLines(textOf(moved) + textOf(path)),
    };
  },
  tools,
);

exporterSuite(
  'FanOut, over an exporter of batches',
  ({ clock }) => {
    let isUp = true;
    const taken: string[] = [];
    const fanOut = new FanOut(
      [
        {
          export: () => undefined,
          exportBatch: async (entries) => {
            if (!isUp) throw new Error('down');
            taken.push(...entries.map(({ actionId }) => actionId).filter((id) => id !== undefined));
          },
        },
      ],
      clock,
    );
    return {
      exporter: {
        export: (entry) => fanOut.deliver(entry),
        flush: () => fanOut.flush(),
        close: () => fanOut.close(),
      },
      most: 10_000,
      counts: () => fanOut.counts.custom ?? NO_COUNTS,
      setReceiver: (state) => {
        isUp = state === 'up';
      },
      arrived: () => taken,
    };
  },
  tools,
);

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function idsOfLines(text: string): string[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => (JSON.parse(line) as WithId).action_id);
}
