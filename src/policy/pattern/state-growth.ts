import type { RE2JS } from 're2js';

/** What is used of an automaton of re2js, whose own types leave these open. */
interface States {
  readonly prog: { readonly start: number };
  readonly numClasses: number;
  readonly classBounds: Int32Array;
  readonly latin1Class: Int32Array;
  makeState(instructions: readonly number[], flags: number, ids: readonly number[]): State | null;
  step(state: State, kind: number, codePoint: number, anchor: number): State | null;
}

interface State {
  readonly isMatch: boolean;
  readonly nfaStates: readonly number[];
}

const STEPS = 2400;
/** After so many steps it is looked whether new states were met; if few of them were new, the walk ends. */
const STAGE = 200;
const MAX_KINDS = 24;
const AT_TEXT_START = 5;
const ANYWHERE = 0;

/**
 * Whether the automaton goes on meeting new states, however long the text: then it cannot keep them, and each
 * character costs as much as the pattern is long. Walks through the states on a text that keeps many repeats of the
 * pattern open at once, the same one every time, and looks whether it still meets new ones late.
 */
export function statesKeepGrowing(program: RE2JS): boolean {
  const states: States = program.re2().dfa;
  const start = states.makeState([states.prog.start], AT_TEXT_START, []);
  if (start === null) return true;
  const kinds = kindsOf(states);
  const known = new Set<State>([start]);
  let state = start;
  let fresh = 0;
  let seed = 1;
  for (let i = 0; i < STEPS; i++) {
    const next: State[] = [];
    for (const [kind, codePoint] of kinds) {
      const after = states.step(state, kind, codePoint, ANYWHERE);
      if (after === null) return true;
      if (!after.isMatch) next.push(after);
    }
    const most = next.reduce((size, { nfaStates }) => Math.max(size, nfaStates.length), 0);
    const open = next.filter(({ nfaStates }) => nfaStates.length * 2 >= most);
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    const chosen = open[(seed >>> 16) % Math.max(1, open.length)];
    if (chosen === undefined) return false;
    if (!known.has(chosen)) fresh++;
    known.add(chosen);
    state = chosen;
    if (i % STAGE !== STAGE - 1) continue;
    if (fresh < STAGE / 8) return false;
    fresh = 0;
  }
  return true;
}

/** The kinds of characters that the pattern tells apart, with one of each: all of them, or those in ASCII if they are many. */
function kindsOf({ numClasses, classBounds, latin1Class }: States): (readonly [number, number])[] {
  if (numClasses <= MAX_KINDS)
    return Array.from({ length: numClasses }, (_, kind) => [
      kind,
      kind === 0 ? 0 : (classBounds[kind - 1] ?? 0),
    ]);
  const kinds = new Map<number, number>();
  for (let codePoint = 0x7e; codePoint >= 0; codePoint--) kinds.set(latin1Class[codePoint] ?? 0, codePoint);
  return [...kinds].slice(0, MAX_KINDS);
}
