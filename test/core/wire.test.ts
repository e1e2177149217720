import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openRecord, type RecordDraft, sealHash, sealRecord } from '../../src/core/chain.ts';
import type { DecidedBody } from '../../src/core/entry.ts';
import type { RecordKind } from '../../src/core/record.ts';
import { bodyFromText, bodyText } from '../../src/core/wire.ts';
import { decidedText } from '../../src/core/wire-decided.ts';

const sha256 = (text: string): string => hash('sha256', text);

const DECIDED = {
  actionId: 'a1',
  taskId: null,
  estimatedCost: 0.25,
  timestamp: new Date(1_800_000_000_000),
  parameters: { someKey: 1, $date: 'x', nested: { none: null } },
  evaluatorResults: [
    {
      verdict: 'BLOCK',
      reason: '',
      confidence: 1,
      evaluatorName: 'policy_engine',
      suggestedAction: null,
      metadata: { ruleName: 'r', camelCase: 1 },
    },
  ],
  instructionChain: [
    { agentId: 'x', trustLevel: 0.5, instruction: 'go', timestamp: new Date(1_800_000_000_001) },
  ],
};

/** Every field of a decision; `satisfies` tells when one is missing here. */
const BLANK_DECISION: Readonly<Record<string, unknown>> = {
  ...{
    actionId: '',
    agentId: '',
    actionType: '',
    verdict: '',
    riskScore: 0,
    taskId: '',
    policyTriggered: '',
  },
  ...{
    evaluatorResults: [],
    instructionChain: [],
    parameters: {},
    durationMs: 0,
    timestamp: '',
    rolledBack: '',
  },
  ...{
    error: '',
    toolName: '',
    sessionId: '',
    intent: '',
    outcome: '',
    reason: '',
    ruleName: '',
    spelling: '',
  },
  ...{
    latencyMs: 0,
    elapsedMs: 0,
    state: '',
    mode: '',
    wouldVerdict: '',
    tags: [],
    principal: '',
    callId: '',
  },
  ...{ framework: '', parentActionId: '', traceId: '', approvalId: '', grantId: '', estimatedCost: 0 },
  ...{ riskLevel: '', snapshotId: '', reversible: '', result: '', digest: '', labels: [], guardVersion: '' },
} satisfies Record<keyof DecidedBody, unknown>;

describe('the body of a record', () => {
  it('has the words of the guard in snake case, money in micro-USD, and leaves out what is a default', () => {
    expect(JSON.parse(bodyText('decided', DECIDED))).toEqual({
      action_id: 'a1',
      estimated_cost: 250_000,
      timestamp: '2027-01-15T08:00:00.000Z',
      parameters: { someKey: 1, $date: 'x', nested: { none: null } },
      evaluator_results: [
        { verdict: 'BLOCK', evaluator_name: 'policy_engine', metadata: { rule_name: 'r', camelCase: 1 } },
      ],
      instruction_chain: [
        { agent_id: 'x', trust_level: 0.5, instruction: 'go', timestamp: '2027-01-15T08:00:00.001Z' },
      ],
    });
  });

  it('of a whole decision is that of its fields one by one, whatever is in them', () => {
    const names = [...Object.keys(BLANK_DECISION)] as const;
    const values = fc.oneof(
      fc.constantFrom<unknown>(
        null,
        undefined,
        0,
        -0,
        Number.NaN,
        5n,
        '',
        'a"\ud800',
        true,
        new Date(Number.NaN),
      ),
      fc.date({ noInvalidDate: true }),
      fc.jsonValue({ maxDepth: 2 }),
      fc.array(fc.record({ agentId: fc.string(), timestamp: fc.oneof(fc.date(), fc.string()) }), {
        maxLength: 2,
      }),
      fc.array(
        fc.record({
          ...{
            verdict: fc.string(),
            evaluatorName: fc.string(),
            reason: fc.string(),
            metadata: fc.jsonValue(),
          },
          confidence: fc.constantFrom(1, 0.5),
          suggestedAction: fc.constantFrom(null, 'wait'),
        }),
        { maxLength: 2 },
      ),
    );
    let whole = 0;
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), values, { maxKeys: 6 }), (changes) => {
        const body = { ...BLANK_DECISION, ...changes };
        if (decidedText(body) !== undefined) whole++;
        expect(bodyText('decided', body)).toBe(bodyText('decided', { ...body, stranger: undefined }));
      }),
      { numRuns: 1000 },
    );
    expect(whole).toBeGreaterThan(100);
    for (const name of names) {
      const body: Record<string, unknown> = { ...BLANK_DECISION };
      delete body[name];
      const text = bodyText('decided', { ...body, stranger: undefined });
      expect(bodyText('decided', body)).toBe(text);
      expect(decidedText({ ...body, stranger: undefined })).toBeUndefined();
    }
  });

  it('is the same again when it was read', () => {
    expect(bodyFromText('decided', bodyText('decided', DECIDED))).toMatchObject(DECIDED);
  });

  it('keeps that a cost was no amount of money', () => {
    const text = bodyText('decided', { estimatedCost: Number.NaN });
    expect(text).toBe('{"estimated_cost":null}');
    expect(bodyFromText('decided', text).estimatedCost).toBeNaN();
  });

  it('has the text it was read from, whatever a caller put into it', () => {
    const kinds = fc.constantFrom<RecordKind>('decided', 'waiting', 'done', 'failed', 'policy', 'pruned');
    const keys = fc.constantFrom('evaluatorResults', 'instructionChain', 'parameters', 'result', 'timestamp');
    const values = fc.oneof(
      fc.jsonValue(),
      fc.array(
        fc.record({ agentId: fc.jsonValue(), timestamp: fc.jsonValue(), trust_level: fc.jsonValue() }),
      ),
      fc.array(fc.record({ metadata: fc.jsonValue(), ruleName: fc.jsonValue(), reason: fc.jsonValue() })),
      fc.date({ noInvalidDate: true }),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    );
    fc.assert(
      fc.property(kinds, fc.dictionary(keys, values), (kind, body) => {
        const text = bodyText(kind, body);
        expect(bodyText(kind, bodyFromText(kind, text))).toBe(text);
      }),
    );
  });

  it('takes a key called __proto__ for a key', () => {
    const body = bodyFromText('decided', '{"__proto__":{"x":1},"parameters":{"__proto__":{"y":1}}}');
    expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
    expect('x' in body).toBe(false);
    expect(bodyText('decided', body)).toBe('{"__proto__":{"x":1},"parameters":{"__proto__":{"y":1}}}');
  });

  it('must be an object', () => {
    for (const text of ['[]', 'null', '5', 'no json']) {
      expect(() => bodyFromText('decided', text)).toThrow(SyntaxError);
    }
  });
});

describe('a sealed record', () => {
  const draft: RecordDraft = {
    v: 1,
    writer: { id: 'w', host: 'h"', pid: 7 },
    kind: 'decided',
    actionId: 'a1',
    at: new Date(0),
    policyRevision: 'r1',
    namespace: 'default',
    body: () => DECIDED,
  };

  it('has the hash of its canonical JSON', () => {
    const sealed = sealRecord(draft, { seq: 4, hash: 'before' }, 9, sha256);
    const { hash: own, body, prevHash: prev_hash, actionId: action_id, policyRevision, ...rest } = sealed;
    const plain = { ...rest, action_id, body: JSON.parse(body), policy_revision: policyRevision, prev_hash };
    const text = JSON.stringify(sorted(plain));
    expect(own).toBe(sha256(text));
    expect([sealed.seq, sealed.position, sealed.at]).toEqual([5, 9, '1970-01-01T00:00:00.000Z']);
  });

  it('is read as it was written', () => {
    const sealed = sealRecord(draft, { seq: 0, hash: '' }, 1, sha256);
    const { at, body } = openRecord(sealed);
    expect(at).toEqual(draft.at);
    expect(body).toMatchObject(DECIDED);
    expect(sealHash(sealed, sha256)).toBe(sealed.hash);
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
