import { describe, expect, it } from 'vitest';
import { openStore } from './open-store.ts';

describe('a store on an old SQLite', () => {
  it('warns of its slower mode once in a process', () => {
    const warnings: string[] = [];
    const warn = (message: string, code: string) => warnings.push(`${code}: ${message}`);
    openStore({ warn });
    expect(warnings).toEqual([]);
    openStore({ warn, sqliteVersion: '3.47.2' });
    openStore({ warn, sqliteVersion: '3.47.2' });
    expect(warnings).toEqual([
      expect.stringMatching(/^PLYRA_OLD_SQLITE: .*3\.47\.2.*TRUNCATE.*Use a Node with SQLite 3\.51\.3/),
    ]);
  });
});
