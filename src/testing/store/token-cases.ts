import { isThenable } from '../../core/awaitable.ts';
import type { Store } from '../../stores/store.ts';
import type { TokenStore } from '../../stores/token-store.ts';
import type { SuiteTools } from '../suite-tools.ts';
import { BROKEN, nameOfFailure } from './approvals.ts';
import { START } from './records.ts';
import { tokenOf, tokenTold } from './tokens.ts';

type Make = () => Store | Promise<Store>;

const eventsIn = async (store: Store) =>
  [...(await store.records())].map(({ kind, body }) => `${kind} ${body.event}`);
const idsOf = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);

/** What every store that keeps access tokens must do about them; one without `tokens` has nothing to do here. */
export function tokenCases(make: Make, tools: SuiteTools): void {
  const withTokens: Register = (name, body) => {
    tools.it(name, async () => {
      const store = await make();
      if (store.tokens !== undefined) await body(store.tokens, store);
    });
  };
  creatingCases(withTokens, tools);
  namingCases(withTokens, tools);
  revokingCases(withTokens, tools);
}

type Register = (name: string, body: (tokens: TokenStore, store: Store) => Promise<void>) => void;

function creatingCases(withTokens: Register, { expect }: SuiteTools): void {
  withTokens('gives a token back as it was created, by its hash, journaled', async (tokens, store) => {
    const endless = tokenOf('b', { expiresAt: null, role: 'admin' });
    expect(await tokens.create(tokenOf('a'), tokenTold('created'))).toBe(true);
    expect(await tokens.create(endless, tokenTold('created'))).toBe(true);
    expect(await tokens.find('hash-a')).toEqual(tokenOf('a'));
    expect(await tokens.list()).toEqual([endless, tokenOf('a')]);
    for (const hash of ['hash', 'HASH-A', 'hash-a ', '', '%', 'a', '\0']) {
      expect(await tokens.find(hash)).toBe(undefined);
    }
    expect(await eventsIn(store)).toEqual(['policy created', 'policy created']);
    expect(await store.entries({})).toEqual([]);
  });

  withTokens('creates no token without the record that tells of it', async (tokens, store) => {
    expect(await nameOfFailure(() => tokens.create(tokenOf('a'), BROKEN))).toBe('Error');
    expect([await tokens.list(), await eventsIn(store)]).toEqual([[], []]);
  });

  withTokens('refuses an id or a hash that is known, and journals nothing then', async (tokens, store) => {
    await tokens.create(tokenOf('a'), tokenTold('created'));
    for (const same of [tokenOf('a', { hash: 'x', nameKey: 'x' }), tokenOf('x', { hash: 'hash-a' })]) {
      expect(await nameOfFailure(() => tokens.create(same, tokenTold('again')))).toBe('Error');
    }
    expect([await tokens.list(), await eventsIn(store)]).toEqual([[tokenOf('a')], ['policy created']]);
  });

  withTokens('refuses a token that it could not give back', async (tokens, store) => {
    const bad = [
      { role: 'root' as 'admin' },
      { createdAt: new Date(Number.NaN) },
      { expiresAt: new Date(Number.NaN) },
      { name: 'a\0' },
      { createdBy: '\ud800' },
      { hash: 7 as unknown as string },
    ];
    for (const changes of bad) {
      const create = () => tokens.create(tokenOf('a', changes), tokenTold('created'));
      expect(await nameOfFailure(create)).toBe('Error');
    }
    expect([await tokens.list(), await eventsIn(store)]).toEqual([[], []]);
  });

  withTokens('gives tokens whose change changes nothing in it', async (tokens) => {
    await tokens.create(tokenOf('a'), tokenTold('created'));
    const got = await tokens.find('hash-a');
    got?.expiresAt?.setTime(0);
    expect(await tokens.find('hash-a')).toEqual(tokenOf('a'));
  });
}

function namingCases(withTokens: Register, { expect }: SuiteTools): void {
  withTokens('gives a name to one live token only', async (tokens, store) => {
    const namesake = (id: string, at: number) =>
      tokenOf(id, { nameKey: 'the a', createdAt: new Date(START + at), expiresAt: null });
    await tokens.create(tokenOf('a'), tokenTold('a'));
    expect(await tokens.create(namesake('b', 59_999), tokenTold('b'))).toBe(false);
    expect([await tokens.find('hash-b'), await eventsIn(store)]).toEqual([undefined, ['policy a']]);
    expect(await tokens.create(namesake('c', 60_000), tokenTold('c'))).toBe(true);
    expect(await tokens.create(namesake('d', 60_001), tokenTold('d'))).toBe(false);
    await tokens.revoke('c', 'bob', new Date(START), tokenTold('revoked'));
    expect(await tokens.create(namesake('e', 60_002), tokenTold('e'))).toBe(true);
    expect(idsOf(await tokens.list())).toEqual(['e', 'c', 'a']);
  });
}

function revokingCases(withTokens: Register, { expect }: SuiteTools): void {
  withTokens('revokes a token once, with the record that tells of it', async (tokens, store) => {
    await tokens.create(tokenOf('a'), tokenTold('created'));
    const at = new Date(START + 9);
    const revoked = tokenOf('a', { revokedAt: at, revokedBy: 'bob' });
    expect(await nameOfFailure(() => tokens.revoke('a', 'bob', at, BROKEN))).toBe('Error');
    expect(await tokens.find('hash-a')).toEqual(tokenOf('a'));
    expect(await tokens.revoke('a', 'bob', at, tokenTold('revoked'))).toEqual(revoked);
    expect(await tokens.revoke('a', 'eve', at, tokenTold('again'))).toBe(undefined);
    expect(await tokens.revoke('none', 'eve', at, tokenTold('again'))).toBe(undefined);
    expect([await tokens.find('hash-a'), await tokens.list()]).toEqual([revoked, [revoked]]);
    expect(await eventsIn(store)).toEqual(['policy created', 'policy revoked']);
  });

  withTokens('answers about tokens with promises if and only if it is remote', async (tokens, store) => {
    const answers = [
      tokens.create(tokenOf('a'), tokenTold('created')),
      tokens.find('hash-a'),
      tokens.list(),
      tokens.revoke('a', 'bob', new Date(START), tokenTold('revoked')),
    ];
    expect(answers.map(isThenable)).toEqual(answers.map(() => store.remote));
    await Promise.all(answers);
  });
}
