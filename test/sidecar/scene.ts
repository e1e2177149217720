import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { draftToken, enterToken } from '../../src/access/tokens.ts';
import type { Role } from '../../src/core/access-token.ts';
import type { Clock } from '../../src/core/clock.ts';
import { ActionGuard } from '../../src/guard.ts';
import type { GuardOptions } from '../../src/guard-options.ts';
import { Policy } from '../../src/policy/policy.ts';
import type { Runtime } from '../../src/runtime.ts';
import { runtimeOf } from '../../src/runtime-of.ts';
import { type AppOptions, type SidecarApp, sidecarApp } from '../../src/sidecar/app.ts';
import type { Connection } from '../../src/sidecar/auth.ts';
import type { SidecarParts } from '../../src/sidecar/parts.ts';
import { sidecarParts } from '../../src/sidecar-parts.ts';

/** System files are off limits, payments need a person, the rest is allowed. */
export const POLICY = new Policy({
  name: 'mixed',
  defaultAction: 'allow',
  rules: [
    { pattern: '^/etc/', action: 'block', reason: 'System files stay as they are', name: 'system-files' },
    { pattern: '^pay ', action: 'escalate', reason: 'Money needs a person', name: 'money' },
  ],
});

/** A program on this machine. */
export const HERE: Connection = { address: '127.0.0.1', isLocal: true };
/** One elsewhere. */
export const THERE: Connection = { address: '192.0.2.7', isLocal: false };

/** How a request of a test is made. */
export interface Asking {
  readonly method?: string;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly text?: string;
  readonly from?: Connection;
}

/** A list that a test takes the first of. */
type Some<T> = readonly [T, ...T[]];

/** An entry, as far as tests look into it. */
export interface EntryData {
  readonly action_id: string;
  readonly intent: string;
  readonly outcome: string;
}

/** What answers hold, as far as tests look into it. What is not there shows as a failed expectation. */
interface Data {
  readonly actions: readonly [EntryData, EntryData, ...EntryData[]];
  readonly action: EntryData;
  readonly chain: { readonly ok: boolean; readonly records: Some<{ readonly kind: string }> };
  readonly snapshot: unknown;
  readonly next_cursor: string | null;
  readonly errors: Some<{ readonly path: string }>;
  readonly detail: string;
  readonly total: number;
  readonly by_tool: unknown;
  readonly by_agent: unknown;
  readonly by_rule: unknown;
  readonly minutes: readonly { readonly total: number }[];
  readonly latency_ms: { readonly p50: number };
  readonly sessions: unknown;
  readonly layers: Some<{ readonly rules: unknown }>;
  readonly agents: unknown;
  readonly outcome: string;
  readonly results: readonly unknown[];
  readonly accepted: number;
  readonly rejected: readonly [Rejected, Rejected, ...Rejected[]];
  readonly approvals: Some<{ readonly id: string; readonly state: string }>;
  readonly grants: Some<{ readonly id: string }>;
  readonly revoked_by: string;
  readonly rolled_back: unknown;
  readonly skipped: unknown;
}

interface Rejected {
  readonly index: number;
  readonly detail: string;
}

/** What came back. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** As far as it is JSON. */
  readonly json: Data;
}

/** A guard with a store of its own, and its sidecar. */
export class Scene {
  readonly guard: ActionGuard;
  readonly runtime: Runtime;
  readonly parts: SidecarParts;
  readonly sidecar: SidecarApp;
  /** What the operator was told. */
  readonly warnings: string[] = [];
  readonly path: string;

  constructor(options: { guard?: GuardOptions; app?: AppOptions; place?: 'memory' | 'sqlite' } = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'plyra-sidecar-'));
    this.path = join(folder, 'journal.db');
    this.guard = new ActionGuard({
      policy: POLICY,
      snapshotPath: options.place === 'memory' ? null : this.path,
      approvals: { wait: false },
      ...options.guard,
    });
    const runtime = runtimeOf(this.guard);
    if (runtime === undefined) throw new Error('The guard is not known.');
    this.runtime = runtime;
    this.parts = sidecarParts(runtime, (message) => this.warnings.push(message));
    this.sidecar = sidecarApp(this.parts, {
      connection: (env) => env as Connection,
      ...options.app,
    });
    onTestFinished(async () => {
      this.sidecar.close();
      await this.guard.close();
      rmSync(folder, { recursive: true });
    });
  }

  get clock(): Clock {
    return this.runtime.clock;
  }

  /** The text of a new token. */
  async token(
    role: Role,
    expiresInMs: number | null = null,
    name = `a ${role} ${Math.random()}`,
  ): Promise<string> {
    const { store } = this.runtime;
    if (store.tokens === undefined) throw new Error('The store keeps no tokens.');
    const desk = {
      store: store.tokens,
      now: () => (expiresInMs === null ? this.clock.now() : this.clock.now() - 1_000_000),
      newId: this.parts.newId,
      draft: (body: Readonly<Record<string, unknown>>) => this.parts.draft('policy', 'policy:test', body),
      redact: (text: string) => text,
    };
    const expiresAt = expiresInMs === null ? null : new Date(this.clock.now() + expiresInMs);
    const { text, token } = draftToken(desk, { name, role, expiresAt, by: 'test' });
    await enterToken(desk, token);
    return text;
  }

  /** Makes a request as a client does; by default of a program on this machine. */
  async ask(
    path: string,
    { method, token, headers = {}, body, text, from = HERE }: Asking = {},
  ): Promise<Answered> {
    const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const request = new Request(`http://localhost:8765${path}`, {
      method: method ?? (sent === undefined ? 'GET' : 'POST'),
      headers: {
        host: 'localhost:8765',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
    });
    const response = await this.sidecar.app.fetch(request, from);
    const type = response.headers.get('content-type') ?? '';
    // A stream goes on: it is not waited for.
    const isStream = type.startsWith('text/event-stream');
    if (isStream) await response.body?.cancel();
    const answer = isStream ? '' : await response.text();
    const isJson = /json/.test(type) && answer !== '';
    return {
      status: response.status,
      headers: response.headers,
      text: answer,
      json: (isJson ? JSON.parse(answer) : null) as Data,
    };
  }

  /** A tool that gives back what it is given. */
  readonly echo = (text: string): string => {
    const tool = this.guard.wrap(function echo(one: string) {
      return `echo ${one}`;
    });
    return tool(text);
  };
}

/** An entry as an agent elsewhere sends it. */
export function sentEntry(
  seq: number,
  changes: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    action_id: `far-${seq}`,
    timestamp: new Date(1_700_000_000_000 + seq).toISOString(),
    state: 'done',
    outcome: 'ALLOW',
    verdict: 'ALLOW',
    agent_id: 'far-agent',
    tool_name: 'far_tool',
    action_type: 'tool.far_tool',
    intent: `far away ${seq}`,
    writer: { id: 'far-writer', host: 'far', pid: 7 },
    seq,
    hash: 'abc',
    ...changes,
  };
}
