import { pick, type Random, seeded, word } from '../random.ts';
import { type Intent, type Rule, targets, type Workload } from '../workload.ts';
import { filler } from './filler.ts';

/** A shape of rule as rule files have them: its pattern, and a text that it matches. */
interface Shape {
  readonly pattern: (id: string) => string;
  readonly sample: (id: string, tail: string) => string;
  /** Where in a long intent the sample must stand. */
  readonly place: 'start' | 'inside' | 'end';
}

const SHAPES: readonly Shape[] = [
  {
    pattern: (id) => `^/srv/tenant-${id}/`,
    sample: (id, tail) => `/srv/tenant-${id}/${tail}`,
    place: 'start',
  },
  {
    pattern: (id) => `^/home/user-${id}/\\.(?:ssh|aws|gnupg)/`,
    sample: (id, tail) => `/home/user-${id}/.aws/${tail}`,
    place: 'start',
  },
  {
    pattern: (id) => `rm -rf /data/set-${id}\\b`,
    sample: (id, tail) => `cd ${tail} && rm -rf /data/set-${id}`,
    place: 'inside',
  },
  {
    pattern: (id) => `DROP TABLE schema_${id}\\.`,
    sample: (id, tail) => `DROP TABLE schema_${id}.${tail}`,
    place: 'inside',
  },
  {
    pattern: (id) => `^https?://host-${id}\\.internal[:/]`,
    sample: (id, tail) => `https://host-${id}.internal/${tail}`,
    place: 'start',
  },
  {
    pattern: (id) => `secret_${id}_[a-z]+`,
    sample: (id, tail) => `echo $secret_${id}_${tail}`,
    place: 'inside',
  },
  {
    pattern: (id) => `tenant-${id}\\.env$`,
    sample: (id, tail) => `cat ${tail}/tenant-${id}.env`,
    place: 'end',
  },
  {
    pattern: (id) => `git push (?:-f|--force) origin release-${id}`,
    sample: (id, tail) => `git push --force origin release-${id} # ${tail}`,
    place: 'inside',
  },
];

/** Regex rules of eight shapes in turn, and 64 intents of about `length` characters: a sample in ordinary text. */
export function regexRules(size: number, length: number): Workload {
  const rules: Rule[] = [];
  for (let i = 0; i < size; i++) rules.push({ kind: 'regex', source: shapeOf(i).pattern(idOf(i)) });
  const random = seeded(41);
  const intents = targets(size, random).map((target, i) => {
    // A target beyond the rules gives the near misses: the same shapes with ids that no rule has.
    const rule = target ?? 90_000 + Math.floor(random() * 8);
    const sample = shapeOf(rule).sample(idOf(rule), word(random, 8));
    const text = padded(sample, shapeOf(rule).place, i, length, random);
    return { text, parameters: { value: text }, dotted: '', blocked: target !== null } satisfies Intent;
  });
  return { title: 'regex rules', kind: 'regex', size, rules, intents };
}

function shapeOf(index: number): Shape {
  return SHAPES[index % SHAPES.length] as Shape;
}

function idOf(index: number): string {
  return String(index).padStart(5, '0');
}

function padded(sample: string, place: Shape['place'], seed: number, length: number, random: Random): string {
  const room = length - sample.length - 2;
  const before =
    place === 'start' ? 0 : place === 'end' ? room : Math.floor(room * pick(random, [0.5, 0.9, 0.99]));
  const text = filler(seed, room);
  return `${text.slice(0, before)} ${sample} ${text.slice(before)}`.trim();
}
