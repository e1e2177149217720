import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { auditExport } from '../../src/cli/commands/audit-export.ts';
import { UsageError } from '../../src/cli/usage-error.ts';
import { type SealedRecord, sealHash } from '../../src/core/chain.ts';
import { WIRE_FIELDS } from '../../src/core/wire-entry.ts';
import { read } from '../architecture/repository.ts';
import { guardedTools } from './guarded-tools.ts';
import { ACTING, linesOf, sampleJournal } from './sample-journal.ts';

const { folder, run, at, exported } = sampleJournal();

describe('audit export', () => {
  test('writes entries as JSON lines, oldest first, with every field', () => {
    const { code, stdout } = run(['audit', 'export', '--db', 'log.db']);
    expect(code).toBe(0);
    const entries = linesOf(stdout);
    expect(entries.map(({ intent }) => intent)).toEqual([
      ...['one', 'hm', 'rm -rf /', 'boom', 'two\x1b[2J\n\u202e\x9b', '+1', 'now'],
    ]);
    expect(entries.map(({ state }) => state)).toEqual([
      ...['done', 'done', 'refused', 'failed', 'done', 'done', 'interrupted'],
    ]);
    for (const entry of entries) expect(Object.keys(entry)).toEqual(WIRE_FIELDS);
    expect(ACTING.filter((character) => stdout.includes(character))).toEqual([]);
  });

  test('chooses entries by the same options as the log', () => {
    const intents = (...options: readonly string[]) =>
      run(['audit', 'export', '--db', 'log.db', ...options])
        .stdout.split('\n')
        .flatMap((line) => (line === '' ? [] : JSON.parse(line).intent));
    expect(intents('--outcome', 'block')).toEqual(['rm -rf /']);
    expect(intents('--task', 't1', '--since', '1h')).toEqual(['+1']);
    expect(intents('--until', '1h')).toEqual([]);
    expect(intents('--search', 'boom')).toEqual(['boom']);
  });

  test('as CSV it has a header, a row an entry, and nothing that a spreadsheet would calculate', () => {
    const { code, stdout } = run(['audit', 'export', '--db', 'log.db', '--format', 'csv']);
    expect(code).toBe(0);
    const rows = stdout.split('\r\n').slice(0, -1);
    expect(rows).toHaveLength(8);
    const cells = rows.map((row) =>
      [...row.matchAll(/(?:^|,)"((?:[^"]|"")*)"/g)].map(([, cell = '']) => cell.replaceAll('""', '"')),
    );
    expect(cells[0]).toEqual(WIRE_FIELDS);
    const cell = (row: number, field: (typeof WIRE_FIELDS)[number]) =>
      cells[row]?.[WIRE_FIELDS.indexOf(field)];
    expect(cell(6, 'agent_id')).toBe(`'=HYPERLINK("http://evil")`);
    expect(cell(6, 'intent')).toBe("'+1");
    expect(JSON.parse(cell(1, 'parameters') ?? '')).toEqual({ arg0: 'one' });
    expect(cell(1, 'task_id')).toBe('');
    expect(ACTING.filter((character) => stdout.includes(character))).toEqual([]);
    expect(cells.flat().filter((text) => /^[=+\-@]/.test(text))).toEqual([]);
  });

  test('has its columns in the documentation, in their order', () => {
    const [, table = ''] = read('docs/audit-log.md').split('Fields of an entry');
    const rows = table.split('\n').filter((line) => line.startsWith('| `'));
    const named = rows.flatMap((row) => row.split('|')[1]?.match(/[a-z_]+/g) ?? []);
    expect(named).toEqual(WIRE_FIELDS);
  });

  test('writes records that others can verify: every hash is that of what the line holds', () => {
    const records = exported('log.db');
    expect(records).toHaveLength(12);
    let before = '';
    for (const record of records.slice(0, 11)) {
      const { action_id, policy_revision, prev_hash, ...rest } = record;
      const sealed = { ...rest, actionId: action_id, policyRevision: policy_revision, prevHash: prev_hash };
      expect(sealHash(sealed as SealedRecord, (text) => hash('sha256', text))).toBe(record.hash);
      expect(prev_hash).toBe(before);
      before = String(record.hash);
    }
  });

  test('--output writes a file for this user only, and overwrites none without --force', () => {
    const args = ['audit', 'export', '--db', 'log.db', '--output', 'out.jsonl'];
    expect(run(args)).toMatchObject({ code: 0, stdout: '', stderr: 'Wrote 7 entries to out.jsonl.\n' });
    expect(statSync(at('out.jsonl')).mode & 0o777).toBe(0o600);
    const before = readFileSync(at('out.jsonl'), 'utf8');
    expect(linesOf(before)).toHaveLength(7);
    const again = run([...args, '--outcome', 'block']);
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toContain('--force');
    expect(readFileSync(at('out.jsonl'), 'utf8')).toBe(before);
    expect(run([...args, '--outcome', 'block', '--force']).code).toBe(0);
    expect(linesOf(readFileSync(at('out.jsonl'), 'utf8'))).toHaveLength(1);
  });

  test.each([
    [{ format: 'xml' }, 'jsonl or csv'],
    [{ records: true, format: 'csv' }, '--format csv'],
    [{ records: true, since: '1h' }, '--since'],
    [{ json: true, format: 'csv' }, 'contradict'],
    [{ outcome: 'blok' }, 'Did you mean `block`'],
    [{ since: 'yesterday' }, 'how long ago'],
  ])('%j is a wrong use of it', async (options, message) => {
    await expect(auditExport({ db: at('log.db'), ...options })).rejects.toThrow(UsageError);
    await expect(auditExport({ db: at('log.db'), ...options })).rejects.toThrow(message);
  });

  test('ends quietly when its reader has seen enough', async () => {
    const { guard, run: tool } = guardedTools(at('long.db'));
    for (let i = 0; i < 300; i++) tool(`call ${i}`);
    await guard.close();
    const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
    const line = `"${process.execPath}" "${main}" audit export --db long.db | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', line], { cwd: folder, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout.trimEnd().split('\n')).toEqual([expect.stringContaining('call 0'), '0']);
  });
});
