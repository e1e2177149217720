import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { type CharSet, complement, contains } from '../../../src/policy/pattern/char-set.ts';
import { caseGroup, digitSet, SPACE, wordSet } from '../../../src/policy/pattern/code-points.ts';
import { askPythonTables, hasPython } from './python-oracle.ts';

describe.skipIf(!hasPython)('character tables against python3', () => {
  test('classes and case agree on every character that Python knows', () => {
    const { assigned, tables, equal } = askPythonTables();
    const members = (set: CharSet): number[] => assigned.filter((codePoint) => contains(set, codePoint));
    expect(members(wordSet())).toEqual(tables['\\w']);
    expect(members(digitSet())).toEqual(tables['\\d']);
    expect(members(SPACE)).toEqual(tables['\\s']);
    for (const group of equal) {
      const [first = 0] = group;
      expect([...caseGroup(first)].sort((a, b) => a - b)).toEqual(group.length > 1 ? group : []);
    }
  }, 120_000);
});

test('the tables are those of the automaton', () => {
  const asText = (set: CharSet): string => {
    let text = '';
    for (let i = 0; i + 1 < set.length; i += 2) {
      for (let codePoint = set[i] ?? 0; codePoint <= (set[i + 1] ?? 0); codePoint++) {
        if (codePoint < 0xd800 || codePoint > 0xdfff) text += String.fromCodePoint(codePoint);
      }
    }
    return text;
  };
  expect(RE2JS.compile('^[\\p{L}\\p{N}_]*$').testExact(asText(wordSet()))).toBe(true);
  expect(RE2JS.compile('[\\p{L}\\p{N}_]').test(asText(complement(wordSet())))).toBe(false);
  expect(RE2JS.compile('^\\p{Nd}*$').testExact(asText(digitSet()))).toBe(true);
  expect(RE2JS.compile('\\p{Nd}').test(asText(complement(digitSet())))).toBe(false);
});
