import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { guardedTools } from './guarded-tools.ts';
import { workspace } from './run-cli.ts';

const { folder, run, json } = workspace({ 'policy.yaml': 'redaction: {patterns: ["project \\\\w+"]}' });
const at = (name: string): string => join(folder, name);
const ME = `cli:${userInfo().username}@${hostname()}`;

function inTheLog(file: string): unknown[] {
  const { stdout } = run(['audit', 'export', '--records', '--db', file]);
  const records = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return records.filter(({ kind }) => kind === 'policy').map(({ body }) => JSON.parse(body));
}

describe('freeze', () => {
  test('blocks a guard that runs in another process, until unfreeze', async () => {
    const { guard, run: tool } = guardedTools(at('log.db'));
    expect(tool('one')).toBe('ran one');
    const { code, stdout } = run(['freeze', 'too many mails', '--db', 'log.db']);
    expect(code).toBe(0);
    expect(stdout).toContain(`Frozen: too many mails (since 20`);
    expect(stdout).toContain(`by ${ME})`);
    expect(() => tool('two')).toThrow(/frozen: too many mails/);
    const again = json('freeze', 'still too many', '--db', 'log.db');
    expect(again).toMatchObject({
      ...{ frozen: true, reason: 'still too many', by: ME, db: at('log.db') },
      before: { reason: 'too many mails', by: ME },
    });
    const lifted = run(['unfreeze', '--db', 'log.db']);
    expect(lifted).toMatchObject({ code: 0, stdout: expect.stringContaining('still too many') });
    const news = await untilItRuns(() => tool('three'));
    expect(news).toBe('ran three');
    expect(inTheLog('log.db')).toEqual([
      { event: 'frozen', reason: 'too many mails', by: ME },
      { event: 'frozen', reason: 'still too many', by: ME },
      { event: 'unfrozen', by: ME },
    ]);
    await guard.close();
    expect(run(['audit', 'verify', '--db', 'log.db']).code).toBe(0);
  });

  test('of a journal that is not frozen, unfreeze says so, and all is well', async () => {
    await guardedTools(at('calm.db')).guard.close();
    const { code, stdout } = run(['unfreeze', '--db', 'calm.db']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('There is no freeze') });
    expect(json('unfreeze', '--db', 'calm.db')).toEqual({ frozen: false, before: null, db: at('calm.db') });
    expect(run(['audit', 'export', '--records', '--db', 'calm.db']).stdout).toBe('');
  });

  test('stores no secret that is in the reason, and prints nothing that acts on a terminal', async () => {
    await guardedTools(at('secret.db')).guard.close();
    const reason = 'project apollo leaked, password=hunter22\x1b[2J';
    const { stdout } = run(['freeze', reason, '--db', 'secret.db', '--config', 'policy.yaml']);
    expect(stdout).toContain('leaked');
    const stored = [json('unfreeze', '--db', 'secret.db'), inTheLog('secret.db')];
    expect(`${stdout}${JSON.stringify(stored)}`).not.toMatch(/apollo|hunter22/);
    expect(stdout).not.toContain('\x1b');
  });

  test('needs a reason', () => {
    expect(run(['freeze', '--db', 'log.db']).code).toBe(2);
    const blank = run(['freeze', '  ', '--db', 'log.db']);
    expect(blank).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Say why') });
  });
});

/** A guard may believe in a freeze for a moment after it was lifted. */
async function untilItRuns(call: () => string): Promise<string> {
  for (;;) {
    try {
      return call();
    } catch (error) {
      if (!String(error).includes('frozen')) throw error;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
