import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../architecture/repository.ts';

/** What an example prints. It imports the built package, as a user's program does. */
function run(name: string, env: Readonly<Record<string, string>> = {}, input = ''): string {
  const options = {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    stdio: 'pipe',
    input,
  } as const;
  return execFileSync(process.execPath, [`examples/${name}.ts`], options);
}

/** Outcome and call of every decision that was printed. */
function decisions(output: string): string[] {
  return output
    .split('\n')
    .flatMap((line) => /^(ALLOW|BLOCK|ESCALATE) +(.*)$/.exec(line)?.slice(1).join(' ') ?? []);
}

describe('examples/quickstart.ts', () => {
  it('guards real file tools by the rule file and prints every decision', () => {
    const output = run('quickstart');
    expect(decisions(output)).toEqual([
      'ALLOW write /tmp/…/notes.txt',
      'ALLOW read /tmp/…/notes.txt',
      'ALLOW delete /tmp/…/notes.txt',
      'BLOCK write /etc/motd',
      'BLOCK read /tmp/…/.env',
      'BLOCK fetch https://internal.corp/wiki',
      'BLOCK run rm -rf /var/log',
      'ESCALATE run DROP TABLE users',
      'BLOCK read /home/ann/diary.txt',
    ]);
    expect(output).toContain('buy milk');
    expect(output).toContain('Dry run: BLOCK by block:rm -rf: Deleting whole trees');
    expect(output).toContain('9 calls: 3 allowed, 5 blocked, 1 escalated');
  });

  it('does the same on a machine that keeps temporary files elsewhere', () => {
    expect(decisions(run('quickstart', { TMPDIR: '/var/tmp' }))[0]).toBe('ALLOW write /tmp/…/notes.txt');
  });
});

describe('examples/ai-agent.ts', () => {
  const output = run('ai-agent');

  it('makes the same decisions about the tools of a real agent loop', () => {
    expect(decisions(output)).toEqual([
      'BLOCK writeFile /etc/motd hello',
      'ALLOW writeFile /tmp/…/notes.txt hello',
      'ALLOW readFile /tmp/…/notes.txt',
      'ALLOW deleteFile /tmp/…/notes.txt',
      'BLOCK readFile /tmp/…/.env',
      'BLOCK fetchPage https://internal.corp/wiki',
      'BLOCK runCommand rm -rf /var/log',
      'ESCALATE runSql DROP TABLE users',
      'BLOCK readFile /home/ann/diary.txt',
    ]);
  });

  it('tells the model why, so that it corrects course', () => {
    const lines = output.split('\n');
    const told = lines.findIndex((line) =>
      line.startsWith('The model is told: ExecutionBlockedError: `writeFile`'),
    );
    expect(lines[told]).toContain("Instead: keep the program's settings below /tmp.");
    expect(lines.slice(told + 1, told + 3)).toEqual([
      'The model corrects course.',
      'The model calls writeFile: /tmp/…/notes.txt hello',
    ]);
    expect(output).toContain('Ask the database administrator to approve this exact call');
    expect(output.match(/corrects course/g)).toHaveLength(1);
  });
});

describe('examples/approvals.ts', () => {
  it('runs what the handler approves, and tells the model of a denial', () => {
    const lines = run('approvals').split('\n');
    expect(lines[0]).toBe('pay wants to: pay the milkman. Money needs a person.');
    expect(lines[1]).toBe('pay the milkman: paid 5');
    expect(lines[3]).toContain('A person denied it. It was escalated because: Money needs a person.');
  });
});

describe('examples/console-approver.ts', () => {
  it('lets run what a person says y to, and tells the model of a no', () => {
    const lines = run('console-approver', {}, 'y\nn\n').split('\n');
    expect(lines.filter((line) => line.startsWith('Agent'))).toHaveLength(2);
    expect(lines[1]).toBe('  {"amount":5,"text":"pay the milkman"}');
    expect(lines).toContain('paid 5');
    expect(lines.join('\n')).toMatch(/^`pay` was not run; .*A person denied it \(not today\)/m);
  });

  it('ends when nobody answers', () => {
    const output = run('console-approver');
    expect(output).toContain('Nobody answers any more.');
    expect(output).not.toContain('paid');
  });
});

describe('examples/approval-webhook.ts', () => {
  it('shows a request that was signed, without its secrets, and none of somebody else', () => {
    expect(run('approval-webhook').trimEnd().split('\n').toSorted()).toEqual([
      'A message of somebody else: 401',
      'Agent "default" wants to call "pay" with {"amount":500,"password":"[text of 13 characters]","text":"pay the landlord"}',
      'Decided: "approved" by "ann", who says "rent is due"',
      'paid 500',
      'which waits for a person: "Money needs a person"',
    ]);
  });
});

describe('examples/exporter.ts', () => {
  it('delivers every finished action to a server of its own by the time the guard is closed', () => {
    expect(run('exporter').trimEnd().split('\n')).toEqual([
      'ExecutionBlockedError',
      'the server got: ALLOW readFile',
      'the server got: BLOCK readFile',
      'delivered: 2',
    ]);
  });
});

describe('examples/deferred.ts', () => {
  it('is put off, and runs once as another process after the approval', () => {
    expect(run('deferred').trimEnd().split('\n')).toEqual([
      'The agent: put off, to be tried again in 60 s',
      'The agent, again: put off, to be tried again in 60 s',
      'A person sees one request: {"statement":"drop table old_orders"}',
      'The request is approved by ann.',
      'The agent, again: done: drop table old_orders',
      'The agent, once more: put off, to be tried again in 60 s',
      'The requests: consumed, pending',
    ]);
  }, 30_000);
});

describe('examples/conditions.ts', () => {
  it('judges by conditions, by trust and by a rate', () => {
    expect(decisions(run('conditions')).map((line) => line.replace(/ retry .*/, ''))).toEqual([
      'ALLOW clerk: sent to 1',
      'ESCALATE clerk: More than five recipients need a second look (no_mass_mail)',
      'ALLOW chief: sent to 6',
      'BLOCK clerk: Personal data stays in the house (no_secrets_outside)',
      'ALLOW clerk: sent to 1',
      'BLOCK clerk: The rate limit 3/min of the tool sendMail is used up (3 calls counted);',
    ]);
  });
});

describe('examples/layers.ts', () => {
  it('judges by both files, and ends although it watches them', () => {
    expect(decisions(run('layers')).map((line) => line.replace(/:.*/, ''))).toEqual([
      'ALLOW /tmp/notes.txt',
      'BLOCK rm -rf /var/log',
      'BLOCK hello',
    ]);
  });
});

describe('examples/sql-parser.ts', () => {
  it('reads what only PostgreSQL reads so', () => {
    expect(decisions(run('sql-parser'))).toEqual([
      'ALLOW UPDATE flags SET bits = bits # 4 WHERE id = 1',
      'BLOCK DROP TABLE flags',
      'BLOCK tidy up',
    ]);
  });
});

describe('examples/journal.ts', () => {
  it('finds after a restart what was done before, without the password', () => {
    const [entry = '', frozen = '', ran] = run('journal').split('\n');
    expect(entry).toMatch(/^done \[redacted\] ann|^done ann \[redacted\]/);
    expect(entry).not.toContain('horse');
    expect(frozen).toContain('All actions are frozen: the on-call engineer is looking at it');
    expect(ran).toBe('ran');
  });
});

describe('examples/rollback.ts', () => {
  it('brings back a folder and a database by one call', () => {
    const output = run('rollback');
    expect(output).toContain('Rolled back 7 of 7 actions:');
    expect(output).toContain('\nAll is as it was.\n');
  });
});

describe('examples/compensation.ts', () => {
  it('undoes by a request and by a handler of its own, and shows a conflict', () => {
    const output = run('compensation');
    expect(output).toContain("Done: [ '/blue' ] { 'dark-mode': 'on' }");
    expect(output).toContain("Undone: [ true, true ] [] { 'dark-mode': 'off' }");
    expect(output).toContain('dark-mode: before the action off; after it on; now by a colleague');
    expect(output.trimEnd().endsWith('true off')).toBe(true);
  });
});
