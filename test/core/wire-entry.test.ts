import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openRecord, type RecordDraft, sealRecord } from '../../src/core/chain.ts';
import { type AuditEntry, foldEntry } from '../../src/core/entry.ts';
import { entryToWire } from '../../src/core/wire-entry.ts';

/** One value of every field; the type makes sure that none is missing. */
const ENTRY: AuditEntry = {
  actionId: 'a1',
  agentId: 'agent',
  actionType: 'file.write',
  verdict: 'ESCALATE',
  riskScore: 0.5,
  taskId: 'task',
  policyTriggered: 'mine',
  evaluatorResults: [
    {
      verdict: 'BLOCK',
      reason: 'no',
      confidence: 1,
      evaluatorName: 'policy_engine',
      suggestedAction: null,
      metadata: { ruleName: 'r', ownKey: 1 },
    },
  ],
  instructionChain: [
    { agentId: 'x', trustLevel: 0.5, instruction: 'go', timestamp: new Date(1_800_000_000_001) },
  ],
  parameters: { someKey: 1 },
  durationMs: 3,
  timestamp: new Date(1_800_000_000_000),
  rolledBack: false,
  error: null,
  toolName: 'write',
  sessionId: 'session',
  intent: '/tmp/x',
  outcome: 'ALLOW',
  reason: 'ask',
  ruleName: 'r',
  spelling: null,
  latencyMs: 1,
  elapsedMs: 4,
  state: 'done',
  mode: 'enforce',
  wouldVerdict: null,
  tags: ['t'],
  principal: 'p',
  callId: 'c',
  framework: null,
  parentActionId: null,
  traceId: null,
  approvalId: null,
  grantId: null,
  estimatedCost: 0.25,
  riskLevel: 'HIGH',
  snapshotId: null,
  reversible: false,
  result: { someKey: [1] },
  digest: 'd',
  labels: [],
  writer: { id: 'w', host: 'h', pid: 7 },
  seq: 2,
  hash: 'h2',
  policyRevision: 'r1',
  guardVersion: '0.1.0',
};

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

describe('an entry on the wire', () => {
  it('has every field of an entry, in snake case, and no other', () => {
    expect(Object.keys(entryToWire(ENTRY)).sort()).toEqual(Object.keys(ENTRY).map(snakeCase).sort());
  });

  it('has the values of the entry: times in ISO 8601, money in USD, the guard’s words in snake case', () => {
    const wire = JSON.parse(JSON.stringify(entryToWire(ENTRY)));
    expect(wire).toMatchObject({
      timestamp: '2027-01-15T08:00:00.000Z',
      estimated_cost: 0.25,
      parameters: { someKey: 1 },
      result: { someKey: [1] },
      writer: { id: 'w', host: 'h', pid: 7 },
      instruction_chain: [
        { agent_id: 'x', trust_level: 0.5, instruction: 'go', timestamp: '2027-01-15T08:00:00.001Z' },
      ],
    });
    expect(wire.evaluator_results).toEqual([
      {
        evaluator_name: 'policy_engine',
        verdict: 'BLOCK',
        reason: 'no',
        confidence: 1,
        suggested_action: null,
        metadata: { rule_name: 'r', ownKey: 1 },
      },
    ]);
    for (const name of Object.keys(ENTRY) as (keyof AuditEntry)[]) {
      if (typeof ENTRY[name] === 'object' && ENTRY[name] !== null) continue;
      expect(wire[snakeCase(name)]).toEqual(ENTRY[name]);
    }
  });

  it('tells whatever a refused call brought in place of a chain or a time', () => {
    const { writer, seq: _seq, hash: _hash, policyRevision, ...body } = ENTRY;
    const odd = { ...body, instructionChain: 'mine', timestamp: 'yesterday', evaluatorResults: [null] };
    const draft: RecordDraft = {
      ...{ v: 1, writer, kind: 'decided', actionId: 'a1', at: new Date(0), policyRevision },
      namespace: 'default',
      body: () => odd,
    };
    const sealed = sealRecord(draft, { seq: 0, hash: '' }, 1, (text) => hash('sha256', text));
    const entry = foldEntry([openRecord(sealed)]);
    expect(entry && entryToWire(entry)).toMatchObject({
      instruction_chain: 'mine',
      timestamp: 'yesterday',
      evaluator_results: [null],
    });
  });
});
