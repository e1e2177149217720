import { beforeAll, describe, expect, test } from 'vitest';
import { approvalsScene } from './approvals-scene.ts';
import { attempt } from './guarded-tools.ts';
import { inTerminal } from './in-terminal.ts';

const { folder, run, agent, ask } = approvalsScene();

/** Agents, and what they want, in letters of one, two and no columns. */
const WANTS = [
  ['default', 'pay rent'],
  ['経理担当', `pay ${'家賃を払う'.repeat(20)}`],
  ['ｆｕｌｌ ｗｉｄｔｈ ａｇｅｎｔ', 'pay 😀😀 now'],
  [`${'e\u0301'.repeat(30)}`, `pay ${'o\u0308'.repeat(200)}`],
  ['한국어 에이전트 이름', `pay ${'ᄒ\u1161ᆫ'.repeat(3)} 회비`],
  ['evil\x1b[2J\u202e', `pay ${'\u200b漢'.repeat(40)}`],
  ['สมชาย', 'pay ที่นี่'],
] as const;

beforeAll(async () => {
  for (const [agentId, text] of WANTS) ask('wide.db', { text, amount: 1 }, { agentId });
  const { guard, pay } = agent('ran.db');
  for (const [agentId, text] of WANTS) {
    guard.withContext({ agentId }, () => attempt(() => pay({ text: text.slice('pay '.length), amount: 1 })));
  }
  await guard.close();
});

describe.each([80, 120, 200])('in a terminal of %i columns', (columns) => {
  test('the columns of `approvals list` stand below one another, and no line is too long', () => {
    const lines = inTerminal(folder, columns, ['approvals', 'list', '--db', 'wide.db']);
    expect(lines).toHaveLength(WANTS.length);
    expect(new Set(lines.map(({ columnOf }) => columnOf('money')))).toHaveProperty('size', 1);
    expect(new Set(lines.map(({ columnOf }) => columnOf(' pay ')))).not.toContain(-1);
    for (const { width, text } of lines) {
      expect(width, text).toBeLessThanOrEqual(columns);
      expect(text).not.toMatch(/[\p{Cc}\u200b\u202e]/u);
    }
  });

  test('so do those of `log`', () => {
    const lines = inTerminal(folder, columns, ['log', '--db', 'ran.db']);
    expect(lines).toHaveLength(WANTS.length);
    // The duration stands at the right end.
    expect(new Set(lines.map(({ width }) => width))).toEqual(new Set([columns]));
    expect(new Set(lines.map(({ columnOf }) => columnOf('ALLOW'))).size).toBe(1);
  });
});

test('no letter is parted from its marks where a cell is cut', () => {
  const cut = inTerminal(folder, 80, ['approvals', 'list', '--db', 'wide.db']).filter(({ text }) =>
    text.includes('…'),
  );
  expect(cut.length).toBeGreaterThan(3);
  for (const { text } of cut) expect(text).not.toMatch(/[eo](?![\u0301\u0308])…/u);
  expect(cut.map(({ text }) => text).join()).toContain('e\u0301…');
});

test('without a terminal nothing is cut', () => {
  const { stdout } = run(['approvals', 'list', '--db', 'wide.db']);
  expect(stdout).toContain('家賃を払う'.repeat(20));
  expect(stdout).toContain('o\u0308'.repeat(200));
});
