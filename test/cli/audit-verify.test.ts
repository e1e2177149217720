import { describe, expect, test } from 'vitest';
import { REBUILD } from '../../src/stores/sqlite/projection-check.ts';
import { sampleJournal } from './sample-journal.ts';

const { run, json, edit, copy } = sampleJournal({ 'no-checkpoint.json': '{"v": 1}' });

describe('audit verify', () => {
  test('finds a whole journal in order, and tells of its writers and of an action that was cut short', () => {
    const { code, stdout, stderr } = run(['audit', 'verify', '--db', 'log.db']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^writer [0-9a-f-]{36} {2}\S+ {2}pid \d+ {2}11 records {2}closed$/);
    expect(lines[1]).toMatch(/^writer [0-9a-f-]{36} {2}\S+ {2}pid \d+ {2}1 record {2}dead$/);
    expect(lines[2]).toContain('interrupted: 1 action');
    expect(lines[3]).toMatch(/^ {2}[0-9a-f-]{36} {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}die$/);
    expect(lines.at(-1)).toBe('verified: 12 records of 2 writers, no problem');
  });

  test('--json has the same', () => {
    const found = json('audit', 'verify', '--db', 'log.db');
    expect(found).toEqual({
      ok: true,
      records: 12,
      writers: [
        expect.objectContaining({ records: 11, state: 'closed', pid: process.pid }),
        expect.objectContaining({ records: 1, state: 'dead' }),
      ],
      problems: [],
      more_problems: 0,
      interrupted: [expect.objectContaining({ tool_name: 'die', position: 12, at: expect.any(String) })],
      pruned: [],
      checkpoint: null,
    });
  });

  test.each([
    ['edited', "UPDATE journal SET body = replace(body, 'hm', 'no') WHERE position = 3", 3, /was edited/],
    ['dropped', 'DELETE FROM journal WHERE position = 5', 5, /is missing/],
    ['renumbered', 'UPDATE journal SET seq = 99 WHERE position = 4', 4, /was edited/],
  ])('names the record that was %s', (name, statement, position, problem) => {
    const file = copy(`${name}.db`, statement);
    const { code, stdout } = run(['audit', 'verify', '--db', file]);
    expect(code).toBe(1);
    expect(stdout).toContain(`problem: position ${position}`);
    expect(stdout).toMatch(problem);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^FAILED: \d+ problems?$/);
    if (name !== 'edited') return;
    expect(json('audit', 'verify', '--db', file)).toMatchObject({
      ok: false,
      problems: [{ kind: 'edited', position, seq: position, problem: expect.stringMatching(problem) }],
    });
  });

  test('finds an action that was hidden from the log, and says how to show it again', () => {
    const file = copy('hidden.db');
    const before = run(['audit', 'export', '--db', file]).stdout;
    edit(file, "DELETE FROM entries WHERE state = 'refused'");
    const { code, stdout } = run(['audit', 'verify', '--db', file]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^problem: position 5 \(action [0-9a-f-]{36}\) .* leave out/m);
    expect(stdout).toContain(REBUILD);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('FAILED: 1 problem');
    expect(json('audit', 'verify', '--db', file)).toMatchObject({
      ok: false,
      problems: [{ kind: 'projection', position: 5, action_id: expect.stringMatching(/^[0-9a-f-]{36}$/) }],
    });
    edit(file, REBUILD);
    expect(run(['audit', 'export', '--db', file]).stdout).toBe(before);
    expect(run(['audit', 'verify', '--db', file]).code).toBe(0);
  });

  test('a writer that was edited cannot act on the terminal', () => {
    const file = copy(
      'writer.db',
      "UPDATE writers SET host = 'a' || char(27) || '[2J' || char(10) || 'verified: 1'",
    );
    const { code, stdout } = run(['audit', 'verify', '--db', file]);
    expect(code).toBe(1);
    expect(stdout).not.toContain('\x1b');
    expect(stdout).not.toMatch(/^verified/m);
  });

  test('a cut end shows against a checkpoint, and only there', () => {
    copy('cut.db');
    expect(run(['audit', 'checkpoint', '--db', 'cut.db', '--output', 'cut.json']).code).toBe(0);
    edit('cut.db', 'DELETE FROM journal WHERE position >= 12', 'DELETE FROM writers WHERE closed_at IS NULL');
    edit('cut.db', 'DELETE FROM writers WHERE id NOT IN (SELECT writer_id FROM journal)');
    expect(run(['audit', 'verify', '--db', 'cut.db']).code).toBe(0);
    const { code, stdout } = run(['audit', 'verify', '--db', 'cut.db', '--checkpoint', 'cut.json']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/problem: position 12 .*cut off/);
  });

  test('a checkpoint that is none is a failure that says what is wrong with it', () => {
    const none = run(['audit', 'verify', '--db', 'log.db', '--checkpoint', 'no-checkpoint.json']);
    expect(none).toMatchObject({ code: 1, stdout: '' });
    expect(none.stderr).toContain('The checkpoint cannot be used');
    const missing = run(['audit', 'verify', '--db', 'log.db', '--checkpoint', 'missing.json']);
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toContain('missing.json cannot be read');
  });
});
