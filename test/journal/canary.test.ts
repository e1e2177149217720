import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { EscalationHandler } from '../../src/approvals/callback.ts';
import { ActionGuard } from '../../src/guard.ts';
import { Policy } from '../../src/policy/policy.ts';

const folder = mkdtempSync(join(tmpdir(), 'plyra-canary-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Every byte that was stored, the write-ahead log included, as Latin-1 text. */
function storedBytes(): string {
  return readdirSync(folder)
    .filter((name) => name !== 'store.key')
    .map((name) => readFileSync(join(folder, name)).toString('latin1'))
    .join('\n');
}

/** The forms in which a secret could stand in a text. */
function formsOf(secret: string): string[] {
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
    Buffer.from(secret).toString('hex'),
  ];
}

function guardOn(file: string, escalationHandler: EscalationHandler): ActionGuard {
  const policy = new Policy({
    defaultAction: 'allow',
    rules: [
      { pattern: 'forbidden', action: 'block', reason: 'not this' },
      { pattern: 'ask me', action: 'escalate', reason: 'a person decides' },
    ],
  });
  return new ActionGuard({ policy, snapshotPath: join(folder, file), escalationHandler });
}

/** Brings a secret before the guard in every way in which a caller, a tool, an evaluator or a person can. */
async function tell(secret: string, show: (text: string) => string): Promise<void> {
  const guard = guardOn('journal.db', () => {
    throw new Error(`cannot ask: ${show(secret)}`);
  });
  guard.addEvaluator({
    name: 'talks',
    evaluate: (intent) => ({
      verdict: 'WARN',
      reason: `saw ${String(intent.parameters.password)}`,
      suggestedAction: show(secret),
      metadata: { seen: show(secret), deep: [{ [show(secret)]: 1 }] },
    }),
  });
  const act = (mode: string) => ({ mode, password: secret, headers: { 'x-api-key': secret } });
  const tool = guard.wrap(({ mode }: ReturnType<typeof act>) => {
    if (mode === 'fail') throw new Error(`tool failed with ${show(secret)}`);
    return { said: show(secret), list: [secret] };
  });
  const slow = guard.wrap(async ({ password }: ReturnType<typeof act>) => `done: ${show(password)}`);
  tool(act('run'));
  await slow(act('run'));
  for (const mode of ['fail', 'forbidden', 'ask me']) expect(() => tool(act(mode))).toThrow();
  await guard.delegate('helper', 'plain instruction', () => slow(act('delegated')));
  expect(storedBytes()).not.toBe('');
  for (const form of formsOf(secret)) expect(storedBytes()).not.toContain(form);
  await guard.close();
  for (const form of formsOf(secret)) expect(storedBytes()).not.toContain(form);
}

describe('a secret among the arguments', () => {
  it('is in no stored byte, whatever the tool, an evaluator or an error says of it', async () => {
    const secrets = fc
      .string({ minLength: 10, maxLength: 30, unit: 'grapheme-ascii' })
      .filter((text) => text.trim() === text && new Set(text).size > 5);
    const shows = fc.constantFrom<(secret: string) => string>(
      (secret) => secret,
      (secret) => `user=x ${secret} y`,
      (secret) => JSON.stringify({ q: secret }),
      (secret) => `https://x.test/?q=${encodeURIComponent(secret)}`,
      (secret) => Buffer.from(secret).toString('base64'),
    );
    await fc.assert(fc.asyncProperty(secrets, shows, tell), { numRuns: 20 });
  });
});

describe('what looks like a secret', () => {
  const canaries = [
    'ghp_0123456789abcdefghijABCDEFGHIJ456789',
    'AKIAIOSFODNN7CANARY1',
    '4111 1111 1111 1111',
    'DE89370400440532013000',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlLWNhbmFyeQ',
    '-----BEGIN PRIVATE KEY-----\nMIICANARYCANARYCANARY\n-----END PRIVATE KEY-----',
  ];

  it.each(canaries)('is in no stored byte, under any name: %s', async (canary) => {
    const guard = guardOn('looks.db', () => false);
    const tool = guard.wrap((note: string) => {
      if (note.startsWith('fail')) throw new Error(`about: ${note}`);
      return `wrote ${note}`;
    });
    tool(`the thing is ${canary}, remember`);
    expect(() => tool(`fail ${canary}`)).toThrow();
    expect(() => tool(`forbidden ${canary}`)).toThrow();
    guard.withContext({ taskContext: canary, principal: canary }, () => tool('plain'));
    await guard.freeze(`leaked ${canary}`);
    expect(() => tool('plain')).toThrow('frozen');
    await guard.unfreeze();
    await guard.close();
    for (const line of canary.split('\n').filter((part) => !part.startsWith('-----'))) {
      expect(storedBytes()).not.toContain(line);
    }
  });
});

describe('a secret in the policy itself', () => {
  const secret = 'Kp7-quiet+harbour/92';
  const token = 'ghp_0123456789abcdefghijABCDEFGHIJ456789';
  const password = 'wh-pass-41x';
  const signing = `whsec_${'Qz8+vR/k'.repeat(4)}`;
  afterEach(() => {
    delete process.env.PLYRA_CANARY_SECRET;
  });

  const policyText = (reason: string) => `default_action: allow
rules:
  - name: outgoing
    pattern: '^send \${PLYRA_CANARY_SECRET}'
    action: block
    reason: '${reason}; use ${token}'
policies:
  - name: guarded
    condition: parameters.password == '\${PLYRA_CANARY_SECRET}' or parameters.size > 3
    message: ask for ${token}
approvals:
  webhook:
    url: https://user:${password}@hooks.example/x
    secret: ${signing}
`;

  it('is in no stored byte, and a changed policy is kept as another one', async () => {
    process.env.PLYRA_CANARY_SECRET = secret;
    const [file, journal] = [join(folder, 'policy.yaml'), join(folder, 'of-policy.db')];
    const revisions: string[] = [];
    for (const reason of ['first', 'second']) {
      writeFileSync(file, policyText(reason));
      const guard = ActionGuard.fromConfig(file, { snapshotPath: journal });
      const tool = guard.wrap((act: { password: string; size: unknown }) => act.password.length);
      expect(tool({ password: 'plain', size: 1 })).toBe(5);
      expect(() => tool({ password: secret, size: 1 })).toThrow('ask for');
      expect(() => tool({ password: 'plain', size: [] })).toThrow('ask for');
      expect(() => tool({ password: `send ${secret}`, size: 1 })).toThrow(reason);
      revisions.push(guard.policyStatus().revision);
      await guard.close();
    }
    rmSync(file);
    const db = new DatabaseSync(journal, { readOnly: true });
    const kept = db.prepare('SELECT revision, rules, sources FROM policies ORDER BY recorded_at').all();
    db.close();
    expect(new Set(kept.map(({ revision }) => revision))).toEqual(new Set(revisions));
    expect(kept).toHaveLength(2);
    for (const { rules, sources } of kept) {
      expect(rules).toContain(`^send \${PLYRA_CANARY_SECRET}`);
      expect(sources).toContain('https://user:[redacted]@hooks.example/x');
    }
    const forms = [secret, token, password, signing].flatMap(formsOf);
    // What stands in a pattern is escaped there.
    for (const form of [...forms, 'Kp7', 'harbour']) expect(storedBytes()).not.toContain(form);
  });
});
