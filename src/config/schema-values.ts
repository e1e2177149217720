import type { z as zodNamespace } from 'zod';
import { trustScore } from '../core/levels.ts';
import { MAX_RATE, parseRate } from '../core/rate.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Zod } from './lazy.ts';
import { parseSize, SIZE } from './size.ts';

/** Longest time that a timer can be set to, in whole seconds; beyond it a timer fires at once. */
const MAX_TIMER_SECONDS = 2_147_483;

/** The trust words and their numbers, as in `TrustLevel`. */
const TRUST_WORDS = ['HUMAN', 'ORCHESTRATOR', 'PEER', 'SUB_AGENT', 'UNKNOWN'] as const;

const VERDICT_WORDS = ['ALLOW', 'WARN', 'DEFER', 'ESCALATE', 'BLOCK'] as const;

type Shape = Record<string, zodNamespace.ZodType>;

/** Bounds of a number. NaN and infinities are always refused. */
interface Bounds {
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
  readonly whole?: true;
}

type Z = Zod['z'];

function object<S extends Shape>(z: Z, shape: S, expected: string) {
  // For an unknown key the message is the list of known ones, out of which the reader makes a suggestion.
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : expected),
  });
}

function number(z: Z, expected: string, { min, max, above, whole }: Bounds) {
  let schema = z.number({ error: expected });
  if (whole) schema = schema.int({ error: expected });
  if (min !== undefined) schema = schema.min(min, { error: expected });
  if (max !== undefined) schema = schema.max(max, { error: expected });
  return above === undefined ? schema : schema.gt(above, { error: expected });
}

function rate(z: Z) {
  const expected = 'a rate such as `60/min`: a whole number and sec, min, hour or day';
  return z
    .string({ error: expected })
    .regex(/^ *\d{1,15} *\/ *(?:sec|min|hour|day) *$/, { error: expected, abort: true })
    .refine((text) => isRate(text), { error: `a rate of at most ${MAX_RATE} calls in a window` });
}

function verdict(z: Z, extra: readonly string[]) {
  const words = [...VERDICT_WORDS, ...extra];
  return z
    .enum([...words, ...words.map((one) => one.toLowerCase())], { error: `one of: ${words.join(', ')}` })
    .transform((written) => written.toUpperCase() as Verdict | 'ALLOW_OVERRIDE');
}

const ZERO_TO_ONE = 'a number from 0 to 1';

function trust(z: Z) {
  const error = `${ZERO_TO_ONE}, or one of: ${TRUST_WORDS.join(', ')}`;
  return z
    .union([number(z, error, { min: 0, max: 1 }), z.enum(TRUST_WORDS, { error })], { error })
    .transform((written) => trustScore(written) ?? 0);
}

function size(z: Z) {
  const error = 'a number of bytes, or a size such as `1GB` (B, KB, MB, GB, TB)';
  return z
    .union([number(z, error, { min: 0, whole: true }), z.string().regex(SIZE, { error })], { error })
    .transform((written) => (typeof written === 'number' ? written : (parseSize(written) ?? 0)));
}

/**
 * The building blocks of the schema. Each says in words what is expected of a value; zod's `message` carries these
 * words, and the reader of issues puts the key before them and what was found behind.
 */
export function schemaValues({ z }: Zod) {
  const seconds = `a number of seconds above 0, at most ${MAX_TIMER_SECONDS}`;
  return {
    object: <S extends Shape>(shape: S, expected: string) => object(z, shape, expected),
    number: (expected: string, bounds: Bounds) => number(z, expected, bounds),
    word: <const W extends readonly string[]>(words: W) =>
      z.enum(words, { error: `one of: ${words.join(', ')}` }),
    rate: () => rate(z),
    verdict: (extra: readonly string[] = []) => verdict(z, extra),
    text: (expected = 'text') => z.string({ error: expected }),
    filled: (expected: string) => z.string({ error: expected }).min(1, { error: expected }),
    flag: () => z.boolean({ error: 'true or false' }),
    list: <S extends zodNamespace.ZodType>(item: S, expected: string) => z.array(item, { error: expected }),
    names: <S extends zodNamespace.ZodType>(value: S, expected: string) =>
      z.record(z.string(), value, { error: expected }),
    zeroToOne: () => number(z, ZERO_TO_ONE, { min: 0, max: 1 }),
    timer: () => number(z, seconds, { above: 0, max: MAX_TIMER_SECONDS }),
    trust: () => trust(z),
    size: () => size(z),
  };
}

/** The building blocks. */
export type SchemaValues = ReturnType<typeof schemaValues>;

/** What is said about a key: shown by editors from the JSON Schema. */
export function about<S extends zodNamespace.ZodType>(schema: S, description: string, fallback?: unknown) {
  return schema
    .optional()
    .meta(fallback === undefined ? { description } : { description, default: fallback });
}

function isRate(text: string): boolean {
  try {
    return parseRate(text).max <= MAX_RATE;
  } catch {
    return false;
  }
}
