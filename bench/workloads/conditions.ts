import { seeded, word } from '../random.ts';
import { type Intent, type Rule, targets, type Workload } from '../workload.ts';
import { filler } from './filler.ts';

const AREAS = ['secrets', 'billing', 'exports', 'backups'] as const;

/**
 * Rules on the start of an object-store key, one literal each, and 64 calls. With `length`, each call also carries
 * an argument `content` of that many characters that no rule reads.
 */
export function prefixConditions(size: number, length: number | null): Workload {
  const rules: Rule[] = [];
  for (let i = 0; i < size; i++) rules.push({ kind: 'prefix', literal: prefixOf(i) });
  const random = seeded(43);
  const intents = targets(size, random).map((target, i) => {
    const key = prefixOf(target ?? 90_000 + Math.floor(random() * 8)) + word(random, 8);
    const parameters = length === null ? { key } : { key, content: filler(i, length) };
    return {
      text: key,
      parameters,
      dotted: key.replaceAll('/', '.'),
      blocked: target !== null,
    } satisfies Intent;
  });
  return { title: 'prefix conditions', kind: 'prefix', size, rules, intents };
}

function prefixOf(index: number): string {
  return `tenant-${String(index).padStart(5, '0')}/${AREAS[index % AREAS.length]}/`;
}
