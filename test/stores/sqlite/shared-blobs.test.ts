import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { START } from '../../../src/testing/store/records.ts';
import { newPath, openStore } from './open-store.ts';

const DAY_MS = 86_400_000;
const LIMITS = { maxSnapshots: 10, maxBytes: 1e9, notBefore: null };

it('keeps a large content that another store beside it keeps and removes as well', () => {
  const path = newPath();
  const stores = [openStore({ path }), openStore({ path: join(dirname(path), 'other.db') })] as const;
  const large = new Uint8Array((1 << 20) + 1).fill(7);
  const keep = ({ snapshots }: (typeof stores)[number]): string => {
    const writer = snapshots.blobs.begin();
    writer.write(large);
    return writer.end().hash;
  };
  const [one, other] = stores;
  const hash = keep(one);
  expect(keep(one)).toBe(hash);
  expect(keep(other)).toBe(hash);
  const folder = join(dirname(path), 'blobs');
  expect(readdirSync(folder)).toHaveLength(2);
  one.snapshots.prune(LIMITS, START + DAY_MS);
  expect(readdirSync(folder)).toHaveLength(1);
  expect(() => [...one.snapshots.blobs.read(hash)]).toThrow('There is no content');
  expect(Buffer.concat([...other.snapshots.blobs.read(hash)]).equals(large)).toBe(true);
});
