import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ActionGuard, Policy } from '../../src/index.ts';
import { workspace } from './run-cli.ts';

const { folder, run } = workspace({ 'guard.yaml': 'rollback: {snapshot_dir: large}\n' });
const at = (name: string): string => join(folder, name);

/** An agent that writes and deletes files. */
function agent(journal: string) {
  const guard = new ActionGuard({
    snapshotPath: at(journal),
    policy: new Policy({ rules: [], defaultAction: 'allow' }),
    config: { rollback: { snapshotDir: at('large') } },
  });
  const write = guard.protect('file.write')(function write({ path, text }: { path: string; text: string }) {
    writeFileSync(path, text);
  });
  const remove = guard.protect('file.delete')(function remove({ path }: { path: string }) {
    rmSync(path, { recursive: true });
  });
  return { guard, write, remove };
}

describe('rollback of files', () => {
  test('shows what comes back and puts it back, also what is too large for the database', async () => {
    const { guard, write, remove } = agent('back.db');
    mkdirSync(at('project'));
    const large = 'x'.repeat(2_000_000);
    for (const name of ['a', 'b']) writeFileSync(at(`project/${name}.txt`), large + name);
    guard.withContext({ taskId: 't' }, () => {
      write({ path: at('project/a.txt'), text: 'wrecked' });
      write({ path: at('project/new.txt'), text: 'new' });
      remove({ path: at('project') });
    });
    await guard.close();
    const words = ['rollback', '--task', 't', '--db', 'back.db', '--config', 'guard.yaml'];
    const dry = run([...words, '--dry-run']);
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(dry.stdout).toContain('remove of agent default');
    expect(dry.stdout).toMatch(
      /project\/new\.txt\n {4}- now {5}file.*\n {4}\+ before {2}\(not there: it is removed\)/,
    );
    expect(existsSync(at('project'))).toBe(false);
    expect(run([...words, '--yes'])).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(at('project/a.txt'), 'utf8')).toBe(`${large}a`);
    expect(readFileSync(at('project/b.txt'), 'utf8')).toBe(`${large}b`);
    expect(existsSync(at('project/new.txt'))).toBe(false);
  });

  test('overwrites what somebody changed since by force alone, and shows it before', async () => {
    const { guard, write } = agent('conflict.db');
    writeFileSync(at('notes.txt'), 'mine');
    write({ path: at('notes.txt'), text: 'of the agent' });
    await guard.close();
    writeFileSync(at('notes.txt'), 'of a colleague');
    const words = ['rollback', '--last', '--yes', '--db', 'conflict.db'];
    const refused = run(words);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('CONFLICT: changed since the action');
    expect(refused.stdout).toContain('NOT UNDONE');
    expect(readFileSync(at('notes.txt'), 'utf8')).toBe('of a colleague');
    const forced = run([...words, '--force', '--json']);
    expect(JSON.parse(forced.stdout)).toMatchObject({
      success: true,
      actions: [{ rolled_back: true, conflicts: [{ item: at('notes.txt') }] }],
    });
    expect(readFileSync(at('notes.txt'), 'utf8')).toBe('mine');
    expect(run(['log', '--db', 'conflict.db', '--json']).stdout).toContain('"forced"');
  });
});
