import { pick, type Random, seeded, word } from '../random.ts';

/** Ordinary prose and paths, and beginnings of what rules look for that lead nowhere. */
const SNIPPETS = [
  'the quarterly report',
  'see the notes below',
  '/srv/public/index',
  'rm -r build',
  'DROP a line to',
  'https://example.org/docs',
  'git push origin feature',
  'SELECT name FROM customers',
  '/home/shared/readme',
  'please review',
  'token count',
  'total 41.50 EUR',
  'tenant list',
  'user guide',
  'the set of data',
  'schema migration',
  'release notes',
  'env file template',
  'id=7f3a',
  'ok',
] as const;

/** Text of exactly `length` characters on one line that no rule of the workloads matches. */
export function filler(seed: number, length: number): string {
  const random: Random = seeded(seed);
  let out = '';
  while (out.length < length) out += `${pick(random, SNIPPETS)} ${word(random, 6)} `;
  return out.slice(0, length);
}
