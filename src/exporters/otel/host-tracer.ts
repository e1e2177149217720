import { AsyncLocalStorage } from 'node:async_hooks';
import { GUARD_VERSION } from '../../core/version.ts';
import type { ActionSpans, SpanFacts } from './spans.ts';

/** What is used of `@opentelemetry/api`. */
export interface OtelApi {
  readonly trace: {
    getTracer(name: string, version?: string): HostTracer;
    setSpan(context: unknown, span: HostSpan): unknown;
    getSpanContext(context: unknown): { readonly spanId: string } | undefined;
  };
  readonly context: { active(): unknown };
}

interface HostTracer {
  startSpan(name: string, options: object, context: unknown): HostSpan;
}

interface HostSpan {
  spanContext(): { readonly spanId: string };
  setStatus(status: { readonly code: number; readonly message?: string }): unknown;
  end(time: readonly [number, number]): void;
}

const INTERNAL = 0;
const STATUS_ERROR = 2;
const NO_ID = /^0*$/;

/** Runs something in the async context of another moment. */
export type InContext = <T>(task: () => T) => T;

/** The context of now, to come back to. */
export function contextNow(): InContext {
  return AsyncLocalStorage.snapshot();
}

/** `@opentelemetry/api`, where whoever uses the guard has it; else `null`. */
export async function loadApi(): Promise<OtelApi | null> {
  try {
    const loaded = (await import('@opentelemetry/api')) as unknown as Partial<OtelApi>;
    const isKnown =
      typeof loaded.trace?.getTracer === 'function' && typeof loaded.context?.active === 'function';
    return isKnown ? (loaded as OtelApi) : null;
  } catch {
    return null;
  }
}

/**
 * Gives an action's spans to the host's tracer provider, below the span that is active; false where the host has set no
 * provider up.
 */
export function giveToHost(api: OtelApi, { decision, execution }: ActionSpans): boolean {
  const tracer = api.trace.getTracer('plyra-guard', GUARD_VERSION);
  const context = api.context.active();
  const parent = started(tracer, decision, context);
  // Without a provider a span is the active one over again, or has no ids at all: nobody would ever see it.
  const { spanId } = parent.spanContext();
  if (NO_ID.test(spanId) || spanId === api.trace.getSpanContext(context)?.spanId) return false;
  if (execution !== null) ended(started(tracer, execution, api.trace.setSpan(context, parent)), execution);
  ended(parent, decision);
  return true;
}

function started(tracer: HostTracer, { name, start, attributes }: SpanFacts, context: unknown): HostSpan {
  return tracer.startSpan(name, { kind: INTERNAL, startTime: start, attributes }, context);
}

function ended(span: HostSpan, { error, end }: SpanFacts): void {
  if (error !== null) span.setStatus({ code: STATUS_ERROR, message: error });
  span.end(end);
}
