import { describe, expect, test } from 'vitest';
import { approvalLine, grantLine, lengthOf, personText } from '../../src/cli/approval-text.ts';
import type { Approval, Grant } from '../../src/core/approval.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const ID = '0199c2f0-7a11-7c3e-9d55-1d2f0c4b8e01';

const approval = (fields: Partial<Approval> = {}): Approval =>
  ({
    ...{ id: ID, state: 'pending', agentId: 'default', toolName: 'pay', ruleName: 'money', reason: 'why' },
    shown: { intent: 'pay rent', parameters: {} },
    requestedAt: new Date(NOW - 61_000),
    expiresAt: new Date(NOW + 239_000),
    ...fields,
  }) as Approval;

const grant = (fields: Partial<Grant> = {}): Grant =>
  ({
    ...{ id: ID, approvalId: ID, scope: 'session', sessionId: 's\x1b1', agentId: 'default', toolName: 'pay' },
    ...{ grantedBy: 'ann', revokedAt: null, revokedBy: null, expiresAt: new Date(NOW + 7_200_000) },
    ...fields,
  }) as Grant;

describe('who decided', () => {
  test.each([
    ['ann', 'ann'],
    ['cli:root@host', 'cli:root@host'],
    ['山田 太郎', '山田 太郎'],
    ['ann: yes, 2026-11-21 12:00:00, signed', '"ann: yes, 2026-11-21 12:00:00, signed"'],
    ['ann, for the call', '"ann, for the call"'],
    ['ann  (approver)', '"ann  (approver)"'],
    ['"ann"', '"\\"ann\\""'],
    ['an\u202en', 'an\\u202en'],
    ['ann:\x1b[2J ', 'ann:\\x1b[2J '],
  ])('%j stands as %s, and cannot go on with the line', (by, text) => {
    expect(personText(by)).toBe(text);
  });
});

describe('a line of a request', () => {
  test('tells id, age, time left, agent, tool, intent and rule', () => {
    expect(approvalLine(approval(), { now: NOW, columns: undefined })).toMatch(
      /^1d2f0c4b8e01 +1m ago 3m left +default +pay +pay rent +money$/,
    );
  });

  test('tells the state in place of the time left, and the reason where there is no rule', () => {
    const line = approvalLine(approval({ state: 'denied', shown: null, ruleName: null }), {
      now: NOW,
      columns: undefined,
    });
    expect(line).toMatch(/ 1m ago denied +default +pay +\(not kept in clear once it is decided\) +why$/);
  });

  test.each([80, 100, 120, 200])('fits a terminal of %i columns', (columns) => {
    const long = {
      agentId: 'a'.repeat(50),
      toolName: 't'.repeat(50),
      ruleName: '\u202e'.repeat(90),
      shown: { intent: '\x1b'.repeat(500), parameters: {} },
    };
    const line = approvalLine(approval(long), { now: NOW, columns });
    expect(line.length).toBeLessThanOrEqual(columns);
    expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
  });
});

describe('a line of a grant', () => {
  test.each([
    [{}, '2h left'],
    [{ expiresAt: new Date(NOW) }, 'expired'],
    [{ revokedAt: new Date(NOW), revokedBy: 'b\x1bob' }, 'revoked by b\\x1bob'],
  ])('of %j tells how long it lasts, or how it ended', (fields, state) => {
    const line = grantLine(grant(fields), NOW);
    expect(line.replace(/ +/g, ' ')).toBe(
      `1d2f0c4b8e01 session ${state} default pay in session s\\x1b1, granted by ann for the call of request 1d2f0c4b8e01`,
    );
  });
});

test.each([
  [-5, '0s'],
  [Number.NaN, '0s'],
  [59_999, '59s'],
  [60_000, '1m'],
  [3_600_000, '1h'],
  [172_800_000, '2d'],
])('%d milliseconds are %s', (ms, text) => {
  expect(lengthOf(ms)).toBe(text);
});
