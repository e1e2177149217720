import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sampleJournal } from './sample-journal.ts';

const { folder, run, json, at } = sampleJournal({
  'text.db': 'This is not a database. '.repeat(100),
  'empty.db': '',
  'policy.yaml': 'storage: {path: log.db}',
  'memory.yaml': 'storage: {path: ":memory:"}',
});

describe('where there is no journal', () => {
  test.each([
    [['audit', 'verify']],
    [['audit', 'export']],
    [['audit', 'checkpoint']],
    [['log', '--follow']],
    [['freeze', 'why']],
    [['unfreeze']],
  ])('%j fails and makes none', (command) => {
    const before = readdirSync(folder);
    const missing = run([...command, '--db', 'missing.db']);
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toContain(`There is no journal at ${at('missing.db')}`);
    expect(readdirSync(folder)).toEqual(before);
  });

  test.each([
    ['text.db', 'no SQLite database'],
    ['empty.db', 'is empty'],
  ])('what stands there is left as it is: %s', (file, message) => {
    const before = [readdirSync(folder), readFileSync(at(file), 'utf8')];
    for (const command of [
      ['audit', 'verify'],
      ['freeze', 'why'],
    ]) {
      const ran = run([...command, '--db', file]);
      expect(ran).toMatchObject({ code: 1, stdout: '' });
      expect(ran.stderr).toContain(message);
    }
    expect([readdirSync(folder), readFileSync(at(file), 'utf8')]).toEqual(before);
  });
});

describe('the journal of a command', () => {
  test('is that of --db, else of the configuration, else of the environment', () => {
    const place = (args: readonly string[], variable: string) =>
      run(['audit', 'verify', ...args], '', { NO_COLOR: '1', HOME: folder, PLYRA_SNAPSHOT_PATH: variable });
    expect(place([], 'log.db').code).toBe(0);
    expect(place(['--config', 'policy.yaml'], 'missing.db').code).toBe(0);
    expect(place(['--config', 'policy.yaml', '--db', 'nothing.db'], 'log.db').stderr).toContain('nothing.db');
    expect(place(['--config', 'memory.yaml'], 'log.db').stderr).toContain('kept in memory');
    expect(run(['log'], '', { HOME: folder }).stderr).toContain(at('.plyra/snapshots.db'));
  });

  test('with --json what is wrong is an object', () => {
    expect(json('audit', 'verify', '--db', 'missing.db')).toEqual({
      error: expect.objectContaining({ code: 'CONFIG_FILE_NOT_FOUND', file: at('missing.db') }),
    });
  });
});
