import { hostname } from 'node:os';
import { GUARD_VERSION } from '../../core/version.ts';
import type { ActionSpans, AttributeValue, SpanFacts, SpanTime } from './spans.ts';

// OTLP/HTTP with JSON: ids in hexadecimal, 64-bit integers as text, enumerations as numbers, names in camel case.
// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding

const INTERNAL = 1;
const STATUS_ERROR = 2;

/** The spans of an action, as members of the list `spans`. */
export function spanTexts({ traceId, decision, execution }: ActionSpans): string {
  const first = JSON.stringify(spanOf(traceId, null, decision));
  return execution === null
    ? first
    : `${first},${JSON.stringify(spanOf(traceId, decision.spanId, execution))}`;
}

/** A request to export spans. `service`: the name of whatever the guard runs in. */
export function traceRequest(spans: readonly string[], service: string): string {
  const resource = attributesOf({
    'service.name': service,
    'host.name': hostname(),
    'process.pid': process.pid,
    'telemetry.sdk.language': 'nodejs',
  });
  const scope = JSON.stringify({ name: 'plyra-guard', version: GUARD_VERSION });
  const scopeSpans = `{"scope":${scope},"spans":[${spans.join(',')}]}`;
  return `{"resourceSpans":[{"resource":${JSON.stringify({ attributes: resource })},"scopeSpans":[${scopeSpans}]}]}`;
}

function spanOf(traceId: string, parentSpanId: string | null, span: SpanFacts) {
  const { name, spanId, start, end, attributes, error } = span;
  return {
    traceId,
    spanId,
    ...(parentSpanId === null ? {} : { parentSpanId }),
    name,
    kind: INTERNAL,
    startTimeUnixNano: nanoseconds(start),
    endTimeUnixNano: nanoseconds(end),
    attributes: attributesOf(attributes),
    status: error === null ? {} : { code: STATUS_ERROR, message: error },
  };
}

function nanoseconds([seconds, rest]: SpanTime): string {
  return `${BigInt(seconds) * 1_000_000_000n + BigInt(rest)}`;
}

function attributesOf(attributes: Readonly<Record<string, AttributeValue>>) {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValueOf(value) }));
}

function anyValueOf(value: AttributeValue): Record<string, unknown> {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value !== 'number')
    return { arrayValue: { values: value.map((one) => ({ stringValue: one })) } };
  return Number.isSafeInteger(value) ? { intValue: `${value}` } : { doubleValue: value };
}
