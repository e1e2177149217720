import { describe, expect, it } from 'vitest';
import { parseConfig } from '../src/config/load.ts';
import { Policy } from '../src/policy/policy.ts';
import { PolicyRevision } from '../src/revision.ts';
import { memoryStore, openGuard } from './call/guards.ts';

const policy = () => new Policy({ name: 'p', rules: [{ pattern: 'x', action: 'block', escalateTo: 'ops' }] });

describe('the revision of a policy', () => {
  it('is that of its files, where there are only files', () => {
    const loaded = parseConfig('rules: [{pattern: x, action: block}]');
    const revision = new PolicyRevision([], loaded);
    expect(revision.id).toBe(loaded.revision);
    expect(revision.describe()).toMatchObject({
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
    expect(revision.describe().rules).toMatchObject([
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
