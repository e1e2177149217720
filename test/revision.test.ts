import { describe, expect, it } from 'vitest';
import { loadBuiltIn, parseConfig } from '../src/config/load.ts';
import { makeRedactor } from '../src/core/redact.ts';
import { Policy } from '../src/policy/policy.ts';
import { compileRedactionPatterns } from '../src/policy/redaction-patterns.ts';
import { PolicyRevision } from '../src/revision.ts';
import { memoryStore, openGuard } from './call/guards.ts';

const redactor = makeRedactor({ keys: [], patterns: [] });
const policy = () => new Policy({ name: 'p', rules: [{ pattern: 'x', action: 'block', escalateTo: 'ops' }] });

describe('the revision of a policy', () => {
  it('is that of its files, where there are only files', () => {
    const loaded = parseConfig('rules: [{pattern: x, action: block}]');
    const revision = new PolicyRevision([], loaded);
    expect(revision.id).toBe(loaded.revision);
    expect(revision.describe(redactor)).toMatchObject({
      revision: loaded.revision,
      sources: [{ file: null, text: 'rules: [{pattern: x, action: block}]' }],
      rules: [{ rules: [{ pattern: 'x', action: 'block' }] }],
    });
  });

  it('is the same for the same rules, and another one once a rule was added', () => {
    const [one, other] = [policy(), policy()];
    const revision = new PolicyRevision([one], null);
    const before = revision.id;
    expect(before).toMatch(/^[0-9a-f]{16}$/);
    expect(new PolicyRevision([other], null).id).toBe(before);
    one.addRule({ pattern: 'y', action: 'allow' });
    expect(revision.id).not.toBe(before);
    expect(revision.describe(redactor).rules).toMatchObject([
      { name: 'p', default_action: 'block', rules: [{ pattern: 'x', escalate_to: 'ops' }, { pattern: 'y' }] },
    ]);
  });

  it('is named by every record, and its policy is kept before the first of them', () => {
    const kept: unknown[] = [];
    const store = Object.assign(memoryStore(), { keepPolicy: (version: unknown) => void kept.push(version) });
    const mine = new Policy({ rules: [], defaultAction: 'allow' });
    const guard = openGuard({ store, policy: mine });
    const call = guard.wrap(() => 1);
    call();
    call();
    mine.addRule({ pattern: 'y', action: 'allow' });
    call();
    const named = [...new Set(store.records().map(({ policyRevision }) => policyRevision))];
    expect(kept.map((version) => (version as { revision: string }).revision)).toEqual(named);
    expect(named).toHaveLength(2);
  });

  it('that cannot be kept keeps calls from running', () => {
    const store = Object.assign(memoryStore(), {
      keepPolicy: () => {
        throw new Error('disk full');
      },
    });
    expect(() => openGuard({ store }).wrap(() => 1)()).toThrow('disk full');
  });
});

describe('what is kept of a policy', () => {
  const token = 'ghp_0123456789abcdefghijABCDEFGHIJ456789';

  it('has the names of variables, not what they stand for', () => {
    const text = `policies:
  - {name: p, condition: "parameters.key == '\${MY_SECRET}'", message: "not \${MY_SECRET}"}
`;
    const loaded = parseConfig(text, { env: { MY_SECRET: 'x9' } });
    const kept = new PolicyRevision([], loaded).describe(redactor);
    expect(kept).toMatchObject({
      rules: [
        { policies: [{ condition: `parameters.key == '\${MY_SECRET}'`, message: `not \${MY_SECRET}` }] },
      ],
      sources: [{ text }],
    });
    expect(JSON.stringify(kept)).not.toContain('x9');
  });

  it('has no secrets that someone wrote into it, in a file or in code', () => {
    const text = `rules: [{pattern: x, action: block, reason: 'use ${token}'}]
approvals: {webhook: {url: 'https://user:s3cr3t-pass@hooks.example/x', secret: whsec_${'sEcrEt+7'.repeat(4)}}}
`;
    const inCode = new Policy({ rules: [{ pattern: token, action: 'block', reason: `never ${token}` }] });
    const kept = new PolicyRevision([inCode], parseConfig(text)).describe(redactor);
    expect(kept).toMatchObject({
      rules: [
        { rules: [{ pattern: '[redacted]', reason: 'never [redacted]' }] },
        { rules: [{ pattern: 'x', reason: 'use [redacted]' }] },
      ],
    });
    expect(kept.sources[0]?.text).toContain('https://user:[redacted]@hooks.example/x');
    expect(JSON.stringify(kept)).not.toMatch(/ghp_|s3cr3t|sEcrEt/);
  });

  it('has no texts that the configuration wants hidden', () => {
    const mine = makeRedactor({ keys: [], patterns: compileRedactionPatterns(['ACME-\\d+']) });
    const kept = new PolicyRevision([], parseConfig('rules: [{pattern: ACME-17, action: block}]')).describe(
      mine,
    );
    expect(JSON.stringify(kept)).not.toContain('ACME-17');
  });

  it('keeps rules readable that are about secrets and hold none', () => {
    const text = String.raw`rules:
  - {pattern: 'password\s*=\s*\S+', action: block, reason: Passwords stay where they are}
  - {pattern: 'AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{36}', action: block, reason: no tokens}
  - {pattern: '(?i)(passwd|secret)["'']?\s*[:=]\s*["'']?[^\s"'']{8,}', action: block, reason: no secrets}
  - {pattern: '-----BEGIN [A-Z ]*PRIVATE KEY-----', action: block, reason: no keys}
policies:
  - {name: p, condition: "'password' in parameters and parameters.password != ''"}
`;
    for (const loaded of [parseConfig(text), loadBuiltIn()]) {
      const kept = new PolicyRevision([], loaded).describe(redactor);
      expect(kept.sources).toEqual(loaded.sources);
      expect(JSON.stringify(kept.rules)).not.toContain('[redacted]');
    }
  });
});
