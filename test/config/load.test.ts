import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { DEFAULTS } from '../../src/config/defaults.ts';
import { loadConfig, parseConfig } from '../../src/config/load.ts';
import { ConfigFileNotFoundError, ConfigSchemaError } from '../../src/core/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'plyra-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('every key and default of the format', () => {
  const path = fileURLToPath(new URL('contract.yaml', import.meta.url));

  it('loads, and what it spells out are the defaults', () => {
    const { settings, layers, hasSettings } = loadConfig(path);
    expect(hasSettings).toBe(true);
    expect({ ...settings, agents: [], tools: {} }).toEqual(DEFAULTS);
    expect(settings.agents).toEqual([{ id: 'a', trustLevel: 0.5, canDelegateTo: [], maxActionsPerRun: 100 }]);
    expect(settings.tools).toEqual({
      run_command: { command: 'shell' },
      write_file: { path: 'path', content: 'text' },
    });
    expect(layers[0]).toEqual({
      name: 'default',
      source: path,
      rules: [],
      hasRules: false,
      defaultAction: null,
      defaultVerdict: 'ALLOW',
      policies: [
        {
          name: 'all',
          actionTypes: ['*'],
          condition: 'agent.trust_level < 0.5',
          verdict: 'BLOCK',
          message: 'm',
          suggestion: 's',
          escalateTo: 'ops',
          deferSeconds: 1,
          timeoutSeconds: 2,
          minTrust: 0.3,
          position: { file: path, line: 5, column: 59 },
        },
      ],
    });
  });

  it('has the same defaults for an empty mapping, which states nothing', () => {
    const { settings, stated, statedKeys, hasSettings } = parseConfig('{}');
    expect(settings).toEqual(DEFAULTS);
    expect(stated).toEqual([]);
    expect(statedKeys).toEqual([]);
    expect(hasSettings).toBe(false);
  });

  it('reads other values than the defaults', () => {
    const { settings } = parseConfig(`
rate_limits: {default: null, per_tool: {send_*: 5/hour}, per_agent: {bot: 1 / sec}}
budget: {per_task: null}
agents: [{id: a, trust_level: ORCHESTRATOR, can_delegate_to: [b*], max_actions_per_run: null}, {id: b, trust_level: 1}]
observability: {exporters: [stdout, jsonl: {path: ./x.jsonl}]}
rollback: {max_bytes: 1.5MB, irreversible: warn}
approvals: {webhook: {url: 'https://hooks.example/x', secret: whsec_${'A'.repeat(32)}}}
approvers: [{id: eve, public_key: abc}]
evaluators: {human_gate: {enabled: yes}}
mode: monitor
`);
    expect(settings.rateLimits).toEqual({
      default: null,
      perTool: { 'send_*': '5/hour' },
      perAgent: { bot: '1 / sec' },
    });
    expect(settings.budget).toEqual({ ...DEFAULTS.budget, perTask: null });
    expect(settings.agents).toEqual([
      { id: 'a', trustLevel: 0.8, canDelegateTo: ['b*'], maxActionsPerRun: null },
      { id: 'b', trustLevel: 1, canDelegateTo: [], maxActionsPerRun: 100 },
    ]);
    expect(settings.observability.exporters).toEqual([
      { name: 'stdout', options: {} },
      { name: 'jsonl', options: { path: './x.jsonl' } },
    ]);
    expect(settings.rollback).toEqual({
      ...DEFAULTS.rollback,
      maxBytes: 1.5 * 2 ** 20,
      irreversible: 'warn',
    });
    expect(settings.approvals.webhook).toEqual({
      url: 'https://hooks.example/x',
      secret: `whsec_${'A'.repeat(32)}`,
      allowPrivate: false,
    });
    expect(settings.approvers).toEqual([{ id: 'eve', publicKey: 'abc', lists: [] }]);
    expect(settings.evaluators.humanGate).toEqual({
      enabled: true,
      riskLevels: ['CRITICAL'],
      actionTypes: [],
    });
    expect(settings.mode).toBe('monitor');
  });
});

describe('rule files', () => {
  it('keep order and every field, and know where each pattern is', () => {
    const { layers, hasSettings, stated } = parseConfig(
      `version: "1"
name: mine
default_action: allow
rules:
  - pattern: '\\.env$'
    action: block
    reason: no secrets
    name: env
    suggestion: ask
    escalate_to: ops
    defer_seconds: 2.5
  - {action: escalate, pattern: rm -rf}
`,
      { file: 'policy.yaml' },
    );
    expect(layers).toEqual([
      {
        name: 'mine',
        source: 'policy.yaml',
        defaultAction: 'allow',
        defaultVerdict: null,
        hasRules: true,
        policies: [],
        rules: [
          {
            pattern: '\\.env$',
            action: 'block',
            reason: 'no secrets',
            name: 'env',
            suggestion: 'ask',
            escalateTo: 'ops',
            deferSeconds: 2.5,
            position: { file: 'policy.yaml', line: 5, column: 14 },
          },
          {
            pattern: 'rm -rf',
            action: 'escalate',
            position: { file: 'policy.yaml', line: 12, column: 33 },
          },
        ],
      },
    ]);
    expect(hasSettings).toBe(false);
    expect(stated).toEqual(['version', 'name', 'default_action', 'rules']);
  });

  it.each(['1', '"1"', '1.0', '"1.0"', "'1'"])('version %s is known', (version) => {
    expect(() => parseConfig(`version: ${version}\nrules: []`)).not.toThrow();
  });

  it.each(['2', '"1.1"', 'one', '1.1'])('version %s is refused', (version) => {
    expect(() => parseConfig(`version: ${version}\nrules: []`)).toThrow('`version` must be "1" or "1.0"');
  });

  it('an empty list of rules is still a list of rules', () => {
    expect(parseConfig('rules: []').layers[0]?.hasRules).toBe(true);
  });

  it.each([
    ['policies: []', true],
    ['mode: enforce', true],
    ['rules: []\nbudget: {}', true],
    ['version: 1\nname: x\ndefault_action: allow\nrules: []', false],
  ])('%j: limits are in effect: %s', (text, expected) => {
    expect(parseConfig(text).hasSettings).toBe(expected);
  });

  it('accepts verdicts of policies in upper and in lower case', () => {
    const text = 'policies: [{name: a, verdict: allow_override}, {name: b, verdict: ESCALATE}]';
    expect(parseConfig(text).layers[0]?.policies.map(({ verdict }) => verdict)).toEqual([
      'ALLOW_OVERRIDE',
      'ESCALATE',
    ]);
  });

  it('names the keys that are stated', () => {
    expect(parseConfig('sidecar: {port: 1}\nmode: enforce').statedKeys).toEqual([
      'sidecar',
      'sidecar.port',
      'mode',
    ]);
  });
});

describe('files', () => {
  it.each([
    ['nowhere.yaml', 'There is no such file'],
    ['', 'This is a folder'],
    ['file-as-folder.yaml/x.yaml', 'There is no such file'],
  ])('%j: %s', (name, message) => {
    file('file-as-folder.yaml', '{}');
    const path = join(folder, name);
    expect(() => loadConfig(path)).toThrow(ConfigFileNotFoundError);
    expect(() => loadConfig(path)).toThrow(message);
    expect(() => loadConfig(path)).toThrow(path);
  });

  it('refuses what is not UTF-8, and drops a byte order mark', () => {
    expect(() => loadConfig(file('latin.yaml', Uint8Array.from([0x61, 0xfc])))).toThrow('is not UTF-8');
    expect(loadConfig(file('bom.yaml', '\ufeffrules: []')).layers[0]?.hasRules).toBe(true);
    expect(parseConfig('\ufeffrules: []').layers[0]?.hasRules).toBe(true);
  });

  it('makes one layer of each file, in order, with sources and a revision of the content', () => {
    const a = file('a.yaml', 'name: a\nrules: []');
    const b = file('b.yaml', 'name: b\nbudget: {per_task: 1}');
    const loaded = loadConfig([a, b]);
    expect(loaded.layers.map(({ name, source }) => [name, source])).toEqual([
      ['a', a],
      ['b', b],
    ]);
    expect(loaded.sources.map((source) => source.file)).toEqual([a, b]);
    expect(loaded.revision).toMatch(/^[0-9a-f]{16}$/);
    expect(loadConfig([a, b]).revision).toBe(loaded.revision);
    expect(loadConfig([b, a]).revision).not.toBe(loaded.revision);
    mkdirSync(join(folder, 'copy'), { recursive: true });
    expect(loadConfig([file('copy/a.yaml', 'name: a\nrules: []'), b]).revision).toBe(loaded.revision);
  });

  it('reports the problems of all files in one error', () => {
    const a = file('bad-a.yaml', 'ruels: []');
    const b = file('bad-b.yaml', 'mode: x');
    expect(() => loadConfig([a, b])).toThrow(/bad-a\.yaml:1:1:[\s\S]*bad-b\.yaml:1:7:/);
  });

  it('needs at least one path', () => {
    expect(() => loadConfig([])).toThrow(ConfigSchemaError);
  });
});
