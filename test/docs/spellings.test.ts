import { describe, expect, it } from 'vitest';
import {
  FAMILY_BY_TYPE,
  FAMILY_BY_WORD,
  KIND_BY_NAME,
  KIND_IN_FAMILY,
  KIND_IN_STATED_FAMILY,
} from '../../src/core/argument-kind.ts';
import { read } from '../architecture/repository.ts';

/** The rows of a marked table as the words in each cell. */
function rowsOf(table: string): string[][][] {
  const [, after = ''] = read('docs/spellings.md').split(`<!-- table: ${table} -->\n`);
  const lines = after.split('\n\n')[0]?.split('\n').slice(2) ?? [];
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word)),
  );
}

function firstCells(table: string): string[] {
  const [, after = ''] = read('docs/spellings.md').split(`<!-- table: ${table} -->\n`);
  return [...(after.split('\n\n')[0] ?? '').matchAll(/^\| (\w+) \|/gm)].map(([, name = '']) => name).slice(1);
}

describe('docs/spellings.md', () => {
  it('lists every parameter name with its kind', () => {
    const kinds = firstCells('names');
    const told = rowsOf('names').flatMap(([, names = []], i) => names.map((name) => [name, kinds[i]]));
    expect(Object.fromEntries(told)).toEqual({ ...KIND_BY_NAME });
  });

  it('lists every family with its action types, words and parameters', () => {
    const rows = rowsOf('families');
    for (const [i, family] of firstCells('families').entries()) {
      const [, types, words, names, stated] = rows[i] ?? [];
      expect(types).toEqual([...FAMILY_BY_TYPE].filter(([, name]) => name === family).map(([word]) => word));
      expect(words).toEqual(FAMILY_BY_WORD.filter(([, name]) => name === family).map(([word]) => word));
      expect(names).toEqual(Object.keys(KIND_IN_FAMILY[family as keyof typeof KIND_IN_FAMILY]));
      expect(stated).toEqual(Object.keys(KIND_IN_STATED_FAMILY[family as keyof typeof KIND_IN_FAMILY]));
    }
  });
});
