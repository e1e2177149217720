import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../src/policy/pattern/compile.ts';
import { PatternError } from '../../../src/policy/pattern/pattern-error.ts';
import { soakFactor } from '../../seed.ts';
import { garbled, patterns, texts } from './pattern-grammar.ts';
import { askPython, hasPython, inCodePoints } from './python-oracle.ts';

// What we refuse although Python accepts it; everything else that Python accepts must load.
const REFUSED_BY_DESIGN =
  /is not supported|counted repeats unroll|repeat count is above|nested repeats multiply|too many letters/;

function compiled(pattern: string): ReturnType<typeof compilePattern> | PatternError {
  try {
    return compilePattern(pattern);
  } catch (error) {
    if (error instanceof PatternError) return error;
    throw error;
  }
}

describe.skipIf(!hasPython)('patterns against python3', () => {
  test('every supported pattern is found where re.search finds it', () => {
    const text = fc.array(texts, { minLength: 5, maxLength: 5 });
    const cases = fc.sample(fc.tuple(patterns, text), 700 * soakFactor);
    const answers = askPython(cases);
    const wrong: unknown[] = [];
    for (const [i, [pattern, samples]] of cases.entries()) {
      const ours = compiled(pattern);
      const answer = answers[i] ?? null;
      if (ours instanceof PatternError) {
        if (answer !== null && !REFUSED_BY_DESIGN.test(ours.message)) wrong.push([pattern, ours.message]);
        continue;
      }
      if (answer === null) wrong.push([pattern, 'Python refuses it']);
      for (const [j, sample] of samples.entries()) {
        const expected = answer?.[j] ?? null;
        const found = inCodePoints(sample, ours.find(sample));
        if (ours.test(sample) !== (expected !== null)) wrong.push([pattern, sample, 'test', expected]);
        if (found?.join() !== expected?.join()) wrong.push([pattern, sample, found, expected]);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('what Python refuses is refused, and only documented things more', () => {
    const cases = fc.sample(garbled, 1500 * soakFactor).map((pattern) => [pattern, ['']] as const);
    const answers = askPython(cases);
    const wrong: unknown[] = [];
    for (const [i, [pattern]] of cases.entries()) {
      const ours = compiled(pattern);
      if (answers[i] === null && !(ours instanceof PatternError)) wrong.push([pattern, 'Python refuses it']);
      if (answers[i] !== null && ours instanceof PatternError && !REFUSED_BY_DESIGN.test(ours.message)) {
        wrong.push([pattern, ours.message]);
      }
    }
    expect(wrong).toEqual([]);
  });
});
