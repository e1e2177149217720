import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { leavesSomething, previewJson, previewText } from '../../src/cli/rollback-text.ts';
import type { AuditEntry } from '../../src/core/entry.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { planOf } from '../../src/rollback/conflicts.ts';
import type { RollbackPreview } from '../../src/rollback/report.ts';

type States = Record<string, string>;

function preview(before: States, after: States | null, now: States, changes: Partial<RollbackPreview> = {}) {
  const entry = {
    toolName: 'write',
    intent: 'write a',
    agentId: 'worker',
    timestamp: new Date(0),
    actionType: 'file.write',
  };
  const plan = planOf({ before, after }, now);
  const conflict = plan.conflicts.length > 0;
  return {
    ...{ actionId: '01900000-aaaa-7bbb-8ccc-0123456789ab', plan, outcome: conflict ? 'fails' : 'works' },
    ...{ entry: entry as AuditEntry, snapshot: { handler: 'file', before } as unknown as Snapshot },
    why: conflict ? 'conflict' : null,
    ...changes,
  } as RollbackPreview;
}

const textOf = (one: RollbackPreview): string[] =>
  previewText([one]).map((line) => stripVTControlCharacters(line));

describe('the diff of a rollback', () => {
  it('shows what is now and what comes back, for what changed, appeared and went', () => {
    const [head, ...lines] = textOf(
      preview({ a: 'old', c: 'C' }, { a: 'new', b: 'B' }, { a: 'new', b: 'B' }),
    );
    expect(head).toMatch(/^0123456789ab \d{4}-.* write of agent worker: write a$/);
    expect(lines).toEqual([
      ...['  a', '    - now     new', '    + before  old'],
      ...['  c', '    - now     (not there)', '    + before  C'],
      ...['  b', '    - now     B', '    + before  (not there: it is removed)'],
      '',
    ]);
  });

  it('shows a conflict in three ways, and that it is not undone', () => {
    expect(textOf(preview({ a: 'old' }, { a: 'new' }, { a: 'edited' })).slice(1)).toEqual([
      ...['  a', '    ! CONFLICT: changed since the action', '    - now     edited'],
      ...['    ! after   new', '    + before  old'],
      expect.stringContaining('is not undone'),
      '',
    ]);
    const forced = preview({ a: 'old' }, null, {}, { outcome: 'works', why: null });
    expect(textOf(forced).slice(1)).toEqual([
      ...['  a', '    ! CONFLICT: changed since the action', '    - now     (not there)'],
      ...['    ! after   (never noted)', '    + before  old', ''],
    ]);
  });

  it('lets nothing act on a terminal, and cuts what is very long by its columns', () => {
    const odd = preview({ 'x\x1b[2J\n\u202e': '\x9b1m' }, {}, {}, {});
    for (const acting of ['\x1b', '\x9b', '\u202e']) expect(textOf(odd).join()).not.toContain(acting);
    expect(textOf(odd).join()).not.toContain('\n');
    const wide = textOf(preview({ a: '漢'.repeat(600) }, {}, {}));
    expect(wide[3]).toBe(`    + before  ${'漢'.repeat(494)}…`);
  });

  it('shows twenty items, and how many more there are; all of them as JSON', () => {
    const before = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`f${i}`, 'x']));
    const many = preview(before, {}, {});
    expect(textOf(many).at(-2)).toBe('  and 5 more items');
    expect(previewJson(many)).toMatchObject({ changes: { length: 25 }, outcome: 'works', handler: 'file' });
  });

  it('says where there is nothing to show', () => {
    const snapshot = { handler: 'mine', before: null } as Snapshot;
    expect(textOf(preview({}, {}, {}, { snapshot }))[1]).toContain(
      'by the handler mine, which does not show',
    );
    expect(textOf(preview({}, {}, {}))[1]).toContain('is as it was before the action already');
    const impossible = preview({}, {}, {}, { plan: null, outcome: 'impossible', why: 'It is\ngone' });
    expect(textOf(impossible)[1]).toBe('  It is\\ngone');
  });

  it('counts what only read for nothing that stays', () => {
    const of = (actionType: string): boolean => {
      const entry = { actionType } as AuditEntry;
      const one = preview({}, {}, {}, { entry, outcome: 'impossible', why: 'no' });
      return leavesSomething({ preview: one, problem: 'no', isNew: false });
    };
    expect([of('file.read'), of('mail.send')]).toEqual([false, true]);
    expect(leavesSomething({ preview: preview({}, {}, {}), problem: null, isNew: true })).toBe(false);
  });
});
