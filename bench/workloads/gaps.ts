import { between, pick, type Random, seeded } from '../random.ts';
import type { Intent, Rule, Workload } from '../workload.ts';

/** Literals that rules are made of. Every hostile intent holds all of them, so no prefilter can rule one out. */
interface Pools {
  readonly first: readonly string[];
  readonly middle: readonly string[];
  readonly last: readonly string[];
}

/** How the parts of a hostile intent are laid out. Each layout defeats another kind of matcher. */
const LAYOUTS = ['product', 'descending', 'shuffled', 'overlapping'] as const;
type Layout = (typeof LAYOUTS)[number] | 'lines';

/** What stands between two literals of a rule: only `.*`, or in turn what rule files also have there. */
const GAPS = {
  dots: ['.*'],
  mixed: ['.*', '[^;]*', '\\S*', '.{0,30}', '[a-z ]+', '(?: |.{2})*', '\\s+\\w*'],
} as const;

/**
 * Rules `a.*b.*c` (2 to 4 literals), and hostile intents of `length` characters: they hold every literal of every rule,
 * the first ones many times before the middle ones, the last ones never after them, so a matcher that
 * backtracks tries all pairs and finds nothing. Half of the intents end with what completes the last rule.
 * `mixed`: classes, counted repeats and groups stand in the gaps too.
 */
export function gapRules(size: number, length: number, gaps: keyof typeof GAPS): Workload {
  const random = seeded(47);
  const pools: Pools = {
    first: literals(random, 24, 'abcde'),
    middle: literals(random, 24, 'abcde'),
    last: literals(random, 24, 'fghij'),
  };
  const sources = new Map<string, readonly string[]>();
  while (sources.size < size) {
    const parts = rulePartsOf(random, pools);
    // The rule that intents complete has the plain gap, whatever the others have.
    const kinds = sources.size === size - 1 ? GAPS.dots : GAPS[gaps];
    sources.set(
      parts.reduce((source, part) => `${source}${pick<string>(random, kinds)}${part}`),
      parts,
    );
  }
  const rules = [...sources].map(
    ([source, parts]): Rule =>
      gaps === 'dots' ? { kind: 'gap', literals: parts, source } : { kind: 'regex', source },
  );
  const completing = [...sources.values()].at(-1) ?? null;
  // Cedar's wildcard crosses lines, so only rules that it cannot express meet intents of several lines.
  const layouts: readonly Layout[] = gaps === 'dots' ? LAYOUTS : [...LAYOUTS, 'lines'];
  const intents = layouts.flatMap((layout) => [
    hostile(random, pools, layout, length, null),
    hostile(random, pools, layout, length, completing),
  ]);
  const title = gaps === 'dots' ? 'gap rules' : 'gap rules of all kinds';
  return { title, kind: gaps === 'dots' ? 'gap' : 'regex', size, rules, intents };
}

/** Two to four literals; the last is always of the pool that a hostile intent never puts behind the others. */
function rulePartsOf(random: Random, pools: Pools): string[] {
  const parts = [pick(random, pools.first)];
  for (let more = between(random, 0, 3); more > 0; more--) parts.push(pick(random, pools.middle));
  parts.push(pick(random, pools.last));
  return parts;
}

function hostile(
  random: Random,
  pools: Pools,
  layout: Layout,
  length: number,
  completing: readonly string[] | null,
): Intent {
  const tail = completing === null ? '' : ` ${completing.join(' then ')}`;
  const head = pools.last.join(' ');
  const room = length - head.length - tail.length - 1;
  const text = `${head} ${body(random, pools, layout, room)}${tail}`;
  const blocked = completing !== null;
  return { text, parameters: { text }, dotted: '', blocked };
}

/** Exactly `length` characters that complete no rule. */
function body(random: Random, pools: Pools, layout: Layout, length: number): string {
  const all = [...pools.first, ...pools.middle];
  let out = all.join(' ');
  while (out.length < length) {
    if (layout === 'product') out += ` ${pick(random, out.length < length / 2 ? pools.first : pools.middle)}`;
    else if (layout === 'descending')
      out += ` ${pick(random, out.length < length / 2 ? pools.middle : pools.first)}`;
    else if (layout === 'lines') out += lineOf(random, pools);
    else if (layout === 'shuffled') out += pick(random, all);
    // Beginnings of literals run into one another: almost every place looks like a start.
    else out += pick(random, all).slice(0, 3);
  }
  return out.slice(0, length);
}

/** Literals in the order that rules want them, but with what no gap crosses before the last ones. */
function lineOf(random: Random, { first, middle, last }: Pools): string {
  return ` ${pick(random, first)} ${pick(random, middle)} ${pick(random, middle)} ;\n; ${pick(random, last)} ;\n;`;
}

/** Distinct five-letter literals over five letters, so that they share beginnings and ends. */
function literals(random: Random, count: number, letters: string): string[] {
  const out = new Set<string>();
  while (out.size < count) out.add(Array.from({ length: 5 }, () => pick(random, [...letters])).join(''));
  return [...out];
}
