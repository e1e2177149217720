import { LiteralAutomaton } from '../../core/literal-automaton.ts';
import { PrefixTree } from '../../core/prefix-tree.ts';
import type { Segment } from '../pattern/chain.ts';
import type { CompiledPattern } from '../pattern/compile.ts';
import { shortestText } from '../pattern/pattern-shape.ts';
import { TextView } from '../pattern/text-view.ts';

/** Where the literals of a trigger are looked for: anywhere or at the start, in the text as it is or case-folded. */
type Place = 'anywhere' | 'leading' | 'folded-anywhere' | 'folded-leading';

interface Trigger {
  readonly place: Place;
  readonly segment: Segment;
}

/** The literals that are looked for in one place and, for each, the ascending indexes of the patterns that need that literal. */
class Lane {
  readonly leading: boolean;
  readonly folded: boolean;
  readonly #tree: PrefixTree | null;
  readonly #automaton = new LiteralAutomaton();
  readonly waiting: number[][] = [];
  /** The lowest index in `waiting`. */
  lowest = NONE;
  found = new Int32Array(0);

  constructor(place: Place) {
    this.leading = place.endsWith('leading');
    this.#tree = this.leading ? new PrefixTree() : null;
    this.folded = place.startsWith('folded');
  }

  add(literal: string, index: number): void {
    this.lowest = Math.min(this.lowest, index);
    const id = (this.#tree ?? this.#automaton).add(literal);
    const list = this.waiting[id];
    if (list === undefined) this.waiting[id] = [index];
    else if (list.at(-1) !== index) list.push(index);
  }

  build(): void {
    if (this.#tree === null) this.#automaton.build();
    this.found = new Int32Array((this.#tree ?? this.#automaton).size);
  }

  /** Scans the text, folded where the lane is; the ids of the literals found are in `found`. */
  scan(text: string): number {
    return this.#tree === null
      ? this.#automaton.occurring(text, this.found)
      : this.#tree.leading(text, this.found);
  }
}

/**
 * Answers which of many patterns match a text, as a loop over `patterns` calling `test` would, without that loop.
 *
 * Each pattern waits for one set of literals of which every match holds one, the rarest among all patterns. One
 * pass over the text finds the literals that occur; only patterns that wait for one of them are looked at, in
 * order, and plain literals not even then. A pattern without such literals is looked at every time.
 * Everything is built in the constructor: about 10 µs a pattern, some 100 µs
 * if it needs an automaton; beyond the first thousand, automata are built when they are first needed.
 */
export class PatternIndex {
  readonly #patterns: readonly CompiledPattern[];
  readonly #lanes: readonly Lane[];
  /** Patterns that are looked at for every text. */
  readonly #always: readonly number[];
  /** Entry i is 1 if pattern i matches as soon as its trigger is found. */
  readonly #certain: Uint8Array;
  /** The candidates of the current look-up; the first `#count` entries are in use. */
  readonly #candidates: Int32Array;
  #count = 0;

  constructor(patterns: readonly CompiledPattern[]) {
    this.#patterns = [...patterns];
    this.#certain = new Uint8Array(patterns.length);
    const options = patterns.map(triggersOf);
    const uses = countUses(options);
    const lanes = new Map<Place, Lane>();
    const always: number[] = [];
    let prepared = 0;
    for (const [index, pattern] of patterns.entries()) {
      if (pattern.shape.chain === null && prepared++ < MAX_PREPARED) pattern.prepare();
      const trigger = bestTrigger(options[index] ?? [], uses);
      if (trigger === null) always.push(index);
      else {
        const lane = lanes.get(trigger.place) ?? new Lane(trigger.place);
        lanes.set(trigger.place, lane);
        for (const text of trigger.segment.texts) lane.add(text, index);
        this.#certain[index] = decides(trigger, pattern) ? 1 : 0;
      }
      if (pattern.matchesEverything) this.#certain[index] = 1;
    }
    for (const lane of lanes.values()) lane.build();
    // The start of a text is looked at faster: what is found there may make the rest needless.
    this.#lanes = [...lanes.values()].sort((a, b) => Number(b.leading) - Number(a.leading));
    this.#always = always;
    const slots = [...lanes.values()].reduce((sum, lane) => sum + lane.waiting.flat().length, always.length);
    this.#candidates = new Int32Array(slots);
  }

  /** The lowest index of a pattern that matches `text`; -1 if there is none. */
  first(text: string): number {
    return this.firstFrom(text, 0);
  }

  /** The lowest index, not below `from`, of a pattern that matches `text`; -1 if there is none. */
  firstFrom(text: string, from: number): number {
    const view = new TextView(text);
    const sure = this.#collect(view, from, true);
    const count = this.#count;
    const candidates = this.#candidates;
    if (count > 1) candidates.subarray(0, count).sort();
    for (let i = 0; i < count; i++) {
      const index = candidates[i] ?? NONE;
      if (index >= sure) break;
      if (index !== candidates[i - 1] && this.#patterns[index]?.testView(view)) return index;
    }
    return sure === NONE ? -1 : sure;
  }

  /** The indexes of all patterns that match `text`, ascending. */
  all(text: string): number[] {
    const view = new TextView(text);
    this.#collect(view, 0, false);
    const candidates = new Set(this.#candidates.subarray(0, this.#count).sort());
    return [...candidates].filter(
      (index) => this.#certain[index] === 1 || this.#patterns[index]?.testView(view),
    );
  }

  /**
   * Gathers the candidates from `from` on, and answers the lowest index that is sure to match. `lowest`: candidates
   * above that are left out, and so are the sure ones.
   */
  #collect(view: TextView, from: number, lowest: boolean): number {
    this.#count = 0;
    let sure = this.#gather(this.#always, from, NONE, lowest);
    for (const lane of this.#lanes) {
      if (lowest && sure <= lane.lowest) continue;
      const found = lane.scan(lane.folded ? view.folded : view.text);
      for (let i = 0; i < found; i++) {
        const waiting = lane.waiting[lane.found[i] ?? 0];
        if (waiting !== undefined) sure = this.#gather(waiting, from, sure, lowest);
      }
    }
    return sure;
  }

  #gather(waiting: readonly number[], from: number, sure: number, lowest: boolean): number {
    for (const index of waiting) {
      if (index < from) continue;
      if (lowest && index >= sure) return sure;
      if (lowest && this.#certain[index] === 1) return index;
      this.#candidates[this.#count++] = index;
    }
    return sure;
  }
}

/** How many automata are built at once, so that building an index stays well under a second. */
const MAX_PREPARED = 1000;

/** Above every index. */
const NONE = 0x7fffffff;

/** The segments that a pattern could wait for. */
function triggersOf({ shape, matchesEverything }: CompiledPattern): Trigger[] {
  if (matchesEverything) return [];
  const { prefix, required } = shape;
  const triggers: Trigger[] = required.map((segment) => ({
    place: segment.fold ? 'folded-anywhere' : 'anywhere',
    segment,
  }));
  if (prefix !== null)
    triggers.unshift({ place: prefix.fold ? 'folded-leading' : 'leading', segment: prefix });
  return triggers;
}

function countUses(options: readonly (readonly Trigger[])[]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const triggers of options) {
    for (const { place, segment } of triggers) {
      for (const text of segment.texts) uses.set(`${place} ${text}`, (uses.get(`${place} ${text}`) ?? 0) + 1);
    }
  }
  return uses;
}

/** The trigger that fewest patterns share; of equals one at the start of the text, which is found faster; then the longest. */
function bestTrigger(triggers: readonly Trigger[], uses: ReadonlyMap<string, number>): Trigger | null {
  let best: Trigger | null = null;
  let bestScore: readonly number[] = [];
  for (const trigger of triggers) {
    const { place, segment } = trigger;
    const shared = segment.texts.reduce((most, text) => Math.max(most, uses.get(`${place} ${text}`) ?? 0), 0);
    const score = [shared, place.endsWith('leading') ? 0 : 1, -shortestText(segment)];
    if (best === null || isLess(score, bestScore)) {
      best = trigger;
      bestScore = score;
    }
  }
  return best;
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}

/** Whether the trigger is all there is to the pattern. */
function decides({ place, segment }: Trigger, { shape }: CompiledPattern): boolean {
  const { chain } = shape;
  if (chain === null || chain.segments.length !== 1 || chain.end !== 'anywhere') return false;
  if (chain.segments[0] !== segment || segment.boundary !== undefined) return false;
  const [before = null, after = null] = chain.gaps;
  if (after !== null && after.min > 0) return false;
  return chain.anchored ? before === null && place.endsWith('leading') : before === null || before.min === 0;
}
