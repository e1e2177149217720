import type { Freeze, Store } from '../../stores/store.ts';
import type { SuiteTools } from '../suite-tools.ts';
import { decided, draftOf, START } from './records.ts';

const FREEZE: Freeze = Object.freeze({ reason: 'a leak', at: new Date(START), by: 'first' });
const told = (event: string) => draftOf('policy', `policy:${event}`, { event });

/** What every store must do about a freeze. */
export function freezeCases(make: () => Store | Promise<Store>, { it, expect }: SuiteTools): void {
  it('is frozen from when somebody freezes it until somebody lifts that', async () => {
    const store = await make();
    expect(await store.frozen()).toBe(null);
    await store.setFrozen(FREEZE, told('frozen'));
    expect(await store.frozen()).toEqual(FREEZE);
    await store.setFrozen(null, told('unfrozen'));
    expect(await store.frozen()).toBe(null);
  });

  it('keeps the newest freeze, and lifts it whole', async () => {
    const store = await make();
    await store.setFrozen(FREEZE, told('frozen'));
    await store.setFrozen({ ...FREEZE, reason: 'a second one' }, told('frozen again'));
    expect((await store.frozen())?.reason).toBe('a second one');
    await store.setFrozen(null, told('unfrozen'));
    expect(await store.frozen()).toBe(null);
  });

  it('journals a freeze, without showing it as an entry', async () => {
    const store = await make();
    await store.setFrozen(FREEZE, told('frozen'));
    await store.setFrozen(null, told('unfrozen'));
    const records = [...(await store.records())];
    expect(records.map(({ kind, body }) => `${kind} ${body.event}`)).toEqual([
      'policy frozen',
      'policy unfrozen',
    ]);
    expect(await store.entries({})).toEqual([]);
  });

  it('appends while it is frozen: what was refused is journaled too', async () => {
    const store = await make();
    await store.setFrozen(FREEZE, told('frozen'));
    await store.append([decided('a')]);
    expect((await store.entries({})).length).toBe(1);
  });
}

/** What every store must do about the policies in force. */
export function policyCases(make: () => Store | Promise<Store>, { it, expect }: SuiteTools): void {
  it('keeps a policy, the same one again too, without a record of it', async () => {
    const store = await make();
    const policy = {
      revision: 'r1',
      rules: [{ pattern: '^/etc/', action: 'block', $note: null }],
      sources: [{ file: null, text: 'rules: []' }],
    };
    await store.keepPolicy(policy);
    await store.keepPolicy({ ...policy, rules: [] });
    expect([...(await store.records())]).toEqual([]);
  });
}
