import { describe, expect, test, vi } from 'vitest';
import { logLine } from '../../src/cli/log-line.ts';
import type { AuditEntry } from '../../src/core/entry.ts';

// Colours are decided when the module loads, and a CI has them.
vi.hoisted(() => {
  process.env.NO_COLOR = '1';
});

const entry = (fields: Partial<Record<keyof AuditEntry, unknown>> = {}): AuditEntry =>
  ({
    timestamp: new Date(2026, 10, 21, 9, 5, 7),
    state: 'done',
    outcome: 'ALLOW',
    verdict: 'ALLOW',
    mode: 'enforce',
    wouldVerdict: null,
    agentId: 'default',
    toolName: 'readFile',
    intent: '/tmp/a',
    ruleName: 'tmp',
    reason: 'scratch',
    durationMs: 12.4,
    error: null,
    rolledBack: false,
    ...fields,
  }) as AuditEntry;

describe('a line of the log', () => {
  test('tells time, outcome, agent, tool, intent, rule and duration', () => {
    expect(logLine(entry(), undefined)).toMatch(
      /^2026-11-21 09:05:07 ALLOW {4}default +readFile +\/tmp\/a +tmp +12 ms$/,
    );
  });

  test.each([
    [{ state: 'interrupted' }, /INTERRUPTED/],
    [{ state: 'running' }, /RUNNING .* -$/],
    [{ state: 'waiting', outcome: 'ESCALATE' }, /WAITING .* -$/],
    [{ state: 'refused', outcome: 'BLOCK', ruleName: null, reason: 'no rule' }, /BLOCK .* no rule +-$/],
    [
      { state: 'failed', outcome: 'ERROR', error: 'disk full', durationMs: 1500 },
      /ERROR .* disk full +1\.5 s$/,
    ],
    [{ mode: 'monitor', wouldVerdict: 'BLOCK' }, /ALLOW .* would BLOCK: tmp/],
    [{ rolledBack: true }, /rolled back; tmp/],
    [{ durationMs: 0.25 }, / 0\.3 ms$/],
    [{ durationMs: 600_000 }, / 10 min$/],
  ])('for %j it says so', (fields, line) => {
    expect(logLine(entry(fields), undefined)).toMatch(line);
  });

  test.each([80, 100, 120, 200])('fits a terminal of %i columns', (columns) => {
    const long = {
      intent: 'x'.repeat(500),
      agentId: 'a'.repeat(50),
      toolName: 't'.repeat(50),
      ruleName: 'r'.repeat(90),
    };
    const line = logLine(entry(long), columns);
    expect(line).toHaveLength(columns);
    expect(line).toContain('x…');
  });

  test('counts characters that take two columns', () => {
    for (const length of [15, 20, 500]) {
      const line = logLine(entry({ intent: '漢'.repeat(length) }), 120);
      const wide = [...line].filter((character) => character === '漢').length;
      expect(line.length + wide).toBeLessThanOrEqual(120);
      expect(wide).toBeGreaterThan(5);
    }
  });

  test('holds the whole intent where there is no terminal', () => {
    expect(logLine(entry({ intent: 'y'.repeat(500) }), undefined)).toContain('y'.repeat(500));
  });

  test.each(['agentId', 'toolName', 'intent', 'ruleName', 'outcome'])(
    'nothing in %s acts on a terminal',
    (field) => {
      for (const columns of [undefined, 120]) {
        const line = logLine(entry({ [field]: 'a\x1b[2J\n\u202eb\x9b' }), columns);
        expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
        expect(line).toContain('\\x1b');
      }
    },
  );

  test('tells records that hold anything in place of a name or a time', () => {
    const line = logLine(
      entry({ agentId: 5, timestamp: 'x', toolName: null, intent: {}, durationMs: null }),
      120,
    );
    expect(line).toContain('??:??:??');
  });
});
