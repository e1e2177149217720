import type { RollbackHandler } from '../../src/index.ts';
import type { HarnessCall, RollbackHarness } from '../../src/testing/index.ts';

/** What `shelf.put` changes: things by their places. */
export type Shelf = Map<string, string>;

type Held = readonly (readonly [place: string, thing: string | null])[];

/** Undoes `shelf.put`. `broken` is called between the places of a restore. */
export function shelfHandler(shelf: Shelf, broken: () => void = () => undefined): RollbackHandler {
  const statesOf = (held: Held): Record<string, string> =>
    Object.fromEntries(held.flatMap(([place, thing]) => (thing === null ? [] : [[place, thing]])));
  return {
    name: 'shelf',
    actionTypes: ['shelf.put'],
    irreversible: () => null,
    capture: ({ parameters }) =>
      Object.keys(parameters).map((place) => [place, shelf.get(place) ?? null] as const),
    state: ({ data }, when) => {
      const held = data as Held;
      return statesOf(when === 'before' ? held : held.map(([place]) => [place, shelf.get(place) ?? null]));
    },
    restore: ({ data }) => {
      for (const [place, thing] of data as Held) {
        if (thing === null) shelf.delete(place);
        else shelf.set(place, thing);
        broken();
      }
    },
  };
}

/** A shelf with something on it, that is put on twice. */
export function shelfHarness(
  make: (shelf: Shelf, broken: () => void) => RollbackHandler = shelfHandler,
): RollbackHarness {
  const shelf: Shelf = new Map([
    ['a', 'apple'],
    ['b', 'bread'],
  ]);
  let isBroken = false;
  const broken = (): void => {
    if (!isBroken) return;
    isBroken = false;
    throw new Error('the shelf broke');
  };
  const put = (parameters: Readonly<Record<string, string>>): HarnessCall => ({
    actionType: 'shelf.put',
    parameters,
    act: () => {
      for (const [place, thing] of Object.entries(parameters)) shelf.set(place, thing);
    },
  });
  return {
    handler: () => make(shelf, broken),
    calls: [put({ a: 'axe', c: 'cup' }), put({ a: 'awl', b: 'bowl' })],
    look: () => Object.fromEntries([...shelf].sort()),
    interfere: () => shelf.set('c', 'candle'),
    breakOff: () => {
      isBroken = true;
    },
  };
}
