import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sampleJournal } from './sample-journal.ts';

const { run, at, copy, exported } = sampleJournal();

describe('audit checkpoint', () => {
  test('prints the ends of all writers, records that it did, and says where to keep it', () => {
    copy('point.db');
    const { code, stdout, stderr } = run(['audit', 'checkpoint', '--db', 'point.db']);
    expect(code).toBe(0);
    const checkpoint = JSON.parse(stdout);
    expect(checkpoint).toMatchObject({ v: 1, position: 12, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(checkpoint.writers).toHaveLength(2);
    expect(stderr).toContain('Keep it where your agents cannot write');
    expect(stderr).toContain('audit verify --checkpoint');
    const records = exported('point.db');
    expect(records.at(-1)).toMatchObject({ kind: 'checkpoint', position: 13 });
    expect(records.at(-1)?.action_id).toMatch(/^checkpoint:[0-9a-f-]{36}$/);
    expect(JSON.parse(records.at(-1)?.body ?? '')).toEqual(checkpoint);
    expect(run(['audit', 'verify', '--db', 'point.db'])).toMatchObject({ code: 0 });
  });

  test('is not made of a journal that is not whole', () => {
    const file = copy('unsound.db', "UPDATE journal SET at = '' WHERE position = 2");
    const { code, stdout, stderr } = run(['audit', 'checkpoint', '--db', file, '--output', 'unsound.json']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('No checkpoint was made');
    expect(existsSync(at('unsound.json'))).toBe(false);
    expect(exported(file)).toHaveLength(12);
  });

  test('is not recorded where its file cannot be written', () => {
    copy('taken.db');
    writeFileSync(at('taken.json'), 'mine');
    const ran = run(['audit', 'checkpoint', '--db', 'taken.db', '--output', 'taken.json']);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(readFileSync(at('taken.json'), 'utf8')).toBe('mine');
    expect(exported('taken.db')).toHaveLength(12);
  });
});
