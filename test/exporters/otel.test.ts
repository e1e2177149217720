import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, type ContextManager, context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/core/entry.ts';
import { OtelExporter, type OtelOptions } from '../../src/exporters/otel.ts';
import { entryOf } from '../../src/testing/exporter/entries.ts';
import { Receiver } from '../webhook/receiver.ts';

/** The host's contexts, as an SDK for Node keeps them. */
class Contexts implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();
  active(): Context {
    return this.#storage.getStore() ?? ROOT_CONTEXT;
  }
  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    at: Context,
    fn: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#storage.run(at, () => fn.apply(thisArg, args));
  }
  bind<T>(_at: Context, target: T): T {
    return target;
  }
  enable(): this {
    return this;
  }
  disable(): this {
    return this;
  }
}

/** A host with the real SDK. */
function host(): { readonly spans: () => ReadableSpan[] } {
  const memory = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: memory })] });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new Contexts());
  return { spans: () => memory.getFinishedSpans() };
}

afterEach(() => {
  trace.disable();
  context.disable();
});

interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: string | number;
}

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: OtlpValue }[];
  readonly status: { readonly code?: number; readonly message?: string };
}

interface OtlpRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { readonly key: string }[] };
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string };
      readonly spans: readonly OtlpSpan[];
    }[];
  }[];
}

const spansOf = ({ resourceSpans }: OtlpRequest): OtlpSpan[] =>
  resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));

/** What a receiver gets without a host. */
async function overHttp(entries: readonly AuditEntry[], options: OtelOptions = {}): Promise<OtlpRequest[]> {
  const receiver = await Receiver.start((response) => response.writeHead(200).end('{}'));
  const endpoint = new URL('/', receiver.url).href;
  const exporter = new OtelExporter({ ...options, endpoint });
  for (const entry of entries) exporter.export(entry);
  await exporter.close();
  expect(receiver.received.map(({ path }) => path)).toEqual(receiver.received.map(() => '/v1/traces'));
  return receiver.received.map(({ text }) => JSON.parse(text) as OtlpRequest);
}

/** What ids, places in memory and counters of nothing do not change. */
function essence({ name, kind, startTimeUnixNano, endTimeUnixNano, attributes, status }: OtlpSpan) {
  const read = attributes.map(({ key, value }) => [
    key,
    value.intValue === undefined ? value : { intValue: Number(value.intValue) },
  ]);
  const { code = 0, message } = status;
  return {
    name,
    kind,
    startTimeUnixNano,
    endTimeUnixNano,
    attributes: Object.fromEntries(read),
    status: { code, message },
  };
}

const RAN = entryOf('0190b8a2-1111-7222-8333-444455556666', { riskScore: 0.25, tags: ['a', 'b'] });
const FAILED = entryOf('0190b8a2-1111-7222-8333-444455557777', {
  ...{ state: 'failed', outcome: 'ERROR', error: 'TypeError: x is no function' },
});
const DENIED = entryOf('0190b8a2-1111-7222-8333-444455558888', {
  ...{ state: 'refused', outcome: 'BLOCK', verdict: 'BLOCK', durationMs: 0, elapsedMs: 0.5 },
});

describe('OtelExporter without a tracer provider', () => {
  it('sends a decision and below it the run of the tool, and of a denied call the decision alone', async () => {
    const [request] = await overHttp([RAN, DENIED]);
    const [decision, run, denied, ...more] = spansOf(request as OtlpRequest);
    expect([decision?.name, run?.name, denied?.name, more]).toEqual([
      'plyra.decide write_file',
      'execute_tool write_file',
      'plyra.decide write_file',
      [],
    ]);
    expect(run?.parentSpanId).toBe(decision?.spanId);
    expect(run?.traceId).toBe(decision?.traceId);
    expect(decision?.traceId).toBe('0190b8a2111172228333444455556666');
    for (const span of [decision, run, denied]) expect(span?.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(run?.startTimeUnixNano).toBe(decision?.endTimeUnixNano);
    expect(BigInt(run?.endTimeUnixNano ?? 0) - BigInt(run?.startTimeUnixNano ?? 0)).toBe(4_500_000n);
  });

  it('speaks OTLP as the official exporter does', async () => {
    const entries = [RAN, FAILED, DENIED];
    const own = await overHttp(entries, { includeArguments: true });
    const { spans } = host();
    const exporter = new OtelExporter({ includeArguments: true });
    for (const entry of entries) exporter.export(entry);
    await exporter.close();
    const official = new TextDecoder().decode(JsonTraceSerializer.serializeRequest([...spans()]));
    const sorted = (requests: readonly OtlpRequest[]) =>
      requests
        .flatMap(spansOf)
        .map(essence)
        .sort((a, b) =>
          JSON.stringify([a.name, a.attributes]).localeCompare(JSON.stringify([b.name, b.attributes])),
        );
    expect(sorted(own)).toHaveLength(5);
    expect(sorted(own)).toEqual(sorted([JSON.parse(official) as OtlpRequest]));
  });

  it('follows the conventions for generative AI, and names what failed', async () => {
    const spans = (await overHttp([FAILED])).flatMap(spansOf).map(essence);
    expect(spans[1]).toMatchObject({
      attributes: {
        'gen_ai.operation.name': { stringValue: 'execute_tool' },
        'gen_ai.tool.name': { stringValue: 'write_file' },
        'gen_ai.tool.type': { stringValue: 'function' },
        'gen_ai.tool.call.id': { stringValue: 'call_1' },
        'gen_ai.agent.id': { stringValue: 'agent' },
        'gen_ai.conversation.id': { stringValue: 'session' },
        'error.type': { stringValue: 'TypeError' },
        'plyra.outcome': { stringValue: 'ERROR' },
      },
      status: { code: 2, message: 'TypeError: x is no function' },
    });
  });

  it('leaves intent, arguments and result out unless told', async () => {
    const entry = entryOf('a', {
      parameters: { secretly: 'arg' },
      result: 'the result',
      intent: 'secretly arg',
    });
    const text = JSON.stringify(await overHttp([entry]));
    for (const word of ['secretly', 'the result']) expect(text).not.toContain(word);
    const told = JSON.stringify(await overHttp([entry], { includeArguments: true }));
    for (const word of ['secretly', 'the result']) expect(told).toContain(word);
  });

  it('has valid ids and times whatever an entry holds', async () => {
    const odd = [
      entryOf('no uuid', {
        durationMs: Number.NaN,
        elapsedMs: -1,
        riskScore: Number.NaN,
        estimatedCost: Infinity,
      }),
      entryOf('00000000-0000-0000-0000-000000000000', { tags: [], toolName: '' }),
    ];
    for (const span of (await overHttp(odd)).flatMap(spansOf)) {
      expect(span.traceId).toMatch(/^(?!0+$)[0-9a-f]{32}$/);
      expect(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano)).toBe(true);
      expect(JSON.stringify(span.attributes)).not.toContain('null');
    }
  });

  it('also where a span of elsewhere is active and the host has set nothing up', async () => {
    context.setGlobalContextManager(new Contexts());
    const receiver = await Receiver.start();
    const remote = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 };
    const exporter = new OtelExporter({ endpoint: receiver.url });
    await exporter.flush();
    context.with(trace.setSpanContext(ROOT_CONTEXT, remote), () => exporter.export(RAN));
    await exporter.close();
    expect(receiver.received).toHaveLength(1);
  });

  it.each(['localhost:4318', 'grpc://x', 'http://user:pw@x'])('refuses the endpoint %s', (endpoint) => {
    expect(() => new OtelExporter({ endpoint })).toThrow('`endpoint` must');
  });
});

describe('OtelExporter in a host with a tracer provider', () => {
  it('gives it the spans, below the span that was active when the call ended', async () => {
    const { spans } = host();
    const receiver = await Receiver.start();
    const exporter = new OtelExporter({ endpoint: receiver.url });
    trace.getTracer('host').startActiveSpan('agent turn', (turn) => {
      exporter.export(RAN); // while the API is still being loaded
      turn.end();
    });
    await exporter.flush();
    trace.getTracer('host').startActiveSpan('next turn', (turn) => {
      exporter.export(DENIED);
      turn.end();
    });
    await exporter.close();
    const tree = Object.fromEntries(spans().map((span) => [span.spanContext().spanId, span]));
    const pathOf = (span: ReadableSpan | undefined): string[] =>
      span === undefined ? [] : [span.name, ...pathOf(tree[span.parentSpanContext?.spanId ?? ''])];
    expect(spans().map(pathOf)).toContainEqual([
      'execute_tool write_file',
      'plyra.decide write_file',
      'agent turn',
    ]);
    expect(spans().map(pathOf)).toContainEqual(['plyra.decide write_file', 'next turn']);
    expect(receiver.received).toEqual([]);
    expect(exporter.counts).toMatchObject({ delivered: 2, waiting: 0 });
  });
});
