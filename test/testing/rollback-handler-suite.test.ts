import { describe, expect, it } from 'vitest';
import { IrreversibleError, type RollbackHandler } from '../../src/index.ts';
import { type MakeHarness, rollbackHandlerSuite } from '../../src/testing/index.ts';
import { type Shelf, shelfHandler, shelfHarness } from '../rollback/shelf.ts';

/** Names of the cases that fail for a handler. */
async function failing(make: MakeHarness): Promise<string[]> {
  const cases: [name: string, body: () => void | Promise<void>][] = [];
  rollbackHandlerSuite('tried', make, {
    describe: (_name, body) => body(),
    it: (name, body) => cases.push([name, body]),
    expect,
  });
  const failed: string[] = [];
  for (const [name, body] of cases) {
    try {
      await body();
    } catch {
      failed.push(name);
    }
  }
  return failed;
}

/** Parts of a handler; `undefined` for one that it is to be without. */
type Parts = { readonly [Key in keyof RollbackHandler]?: RollbackHandler[Key] | undefined };

/** A shelf whose handler does some of it in another way. */
function withFlaw(flaw: (handler: RollbackHandler, shelf: Shelf) => Parts): MakeHarness {
  return () =>
    shelfHarness((shelf, broken) => {
      const handler = shelfHandler(shelf, broken);
      return { ...handler, ...flaw(handler, shelf) } as RollbackHandler;
    });
}

/** What a handler of this process alone would remember. */
const remembered = new WeakMap<object, unknown>();

describe('the contract suite of rollback handlers', () => {
  it('fails nothing of a handler that is as it should be', async () => {
    expect(await failing(() => shelfHarness())).toEqual([]);
    expect(await failing(withFlaw(() => ({ state: undefined, irreversible: undefined })))).toEqual([]);
  });

  it.each<[string, MakeHarness, RegExp]>([
    ['restores nothing', withFlaw(() => ({ restore: () => undefined })), /puts back what was there/],
    ['says that it cannot', withFlaw(() => ({ restore: () => false })), /puts back what was there/],
    [
      'changes something while it captures',
      withFlaw((handler, shelf) => ({
        capture: (...given) => {
          shelf.set('mark', 'x');
          return handler.capture(...given);
        },
      })),
      /changes nothing while it captures/,
    ],
    [
      'keeps what JSON does not',
      withFlaw((handler) => ({
        capture: async (...given) => new Map((await handler.capture(...given)) as [string, string][]),
      })),
      /puts back what was there/,
    ],
    [
      'keeps in memory what it needs',
      withFlaw((handler) => {
        const own = {};
        return {
          capture: async (...given) => {
            remembered.set(own, await handler.capture(...given));
            return {};
          },
          state: undefined,
          restore: (snapshot, context) =>
            handler.restore({ ...snapshot, data: remembered.get(own) }, context),
        };
      }),
      /puts back what was there/,
    ],
    [
      'cannot restore twice',
      withFlaw((handler, shelf) => ({
        restore: (snapshot, context) => {
          if (shelf.get('c') === undefined) shelf.set('twice', 'x');
          return handler.restore(snapshot, context);
        },
      })),
      /changes nothing more/,
    ],
    [
      'takes what is now for what was before',
      withFlaw((handler) => ({
        state: (snapshot, _when, context) => handler.state?.(snapshot, 'now', context) ?? {},
      })),
      /tells what was before/,
    ],
    ['sees no changes', withFlaw(() => ({ state: () => ({}) })), /sees what somebody else changed/],
    ['captures nothing', withFlaw(() => ({ capture: () => undefined })), /puts back what was there/],
    [
      'restores the wrong way where the end of the act was not noted',
      withFlaw((handler) => ({
        after: ({ data }) => ({ noted: true, data }),
        state: undefined,
        restore: (snapshot, context) => {
          const { noted, data } = snapshot.data as { noted?: boolean; data?: unknown };
          return noted === true ? handler.restore({ ...snapshot, data }, context) : undefined;
        },
      })),
      /died right behind the act/,
    ],
    [
      'leaves a broken restore as it is',
      withFlaw((handler, shelf) => ({
        restore: (snapshot, context) => {
          if (shelf.get('mark') === 'begun') return true;
          shelf.set('mark', 'begun');
          const done = handler.restore(snapshot, context);
          shelf.delete('mark');
          return done;
        },
      })),
      /broken off/,
    ],
  ])('fails a handler that %s', async (_flaw, make, name) => {
    expect(await failing(make)).toEqual(expect.arrayContaining([expect.stringMatching(name)]));
  });

  it('takes it where a handler says that an act which failed cannot be undone', async () => {
    const make = withFlaw(() => ({
      after: (_snapshot, { succeeded }) => {
        if (!succeeded) throw new IrreversibleError('it failed');
        return undefined;
      },
    }));
    expect(await failing(make)).toEqual([]);
  });

  it('fails a harness whose calls change nothing, or that does not interfere', async () => {
    const idle = await failing(() => ({ ...shelfHarness(), look: () => 'the same' }));
    expect(idle).toContain('puts back what was there before');
    const alone = await failing(() => ({ ...shelfHarness(), interfere: undefined }));
    expect(alone).toEqual([expect.stringContaining('sees what somebody else changed')]);
  });
});
