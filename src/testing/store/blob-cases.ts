import type { Store } from '../../stores/store.ts';
import type { StoreSuiteTools } from '../suite-tools.ts';
import { nameOfFailure } from './approvals.ts';
import { START } from './records.ts';
import { askOf, bytesOf, CAPTURED, casesWithSnapshots, keep, NO_LIMITS, read } from './snapshots.ts';

type Make = () => Store | Promise<Store>;

const MB = 1 << 20;
const HOUR = 3_600_000;
/** Of nothing: the hash that begins with e3b0. */
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** What every store that keeps snapshots must do with contents. */
export function blobCases(make: Make, tools: StoreSuiteTools): void {
  contentCases(make, tools);
  writingCases(make, tools);
  damageCases(make, tools);
  unusedCases(make, tools);
}

function contentCases(make: Make, { it, expect }: StoreSuiteTools): void {
  const withSnapshots = casesWithSnapshots(make, it);

  withSnapshots('gives back contents of every size, in pieces of at most 1 MB', async (snapshots) => {
    expect(keep(snapshots, new Uint8Array())).toBe(EMPTY);
    for (const size of [0, 1, 127, 128, 5_000, MB - 1, MB, MB + 1, 3 * MB + 7]) {
      for (const content of [bytesOf(size), new Uint8Array(size)]) {
        const hash = keep(snapshots, content, 700_001);
        expect(Buffer.compare(read(snapshots, hash), content)).toBe(0);
        expect([...snapshots.blobs.read(hash)].every(({ length }) => length <= MB)).toBe(true);
      }
    }
  });

  withSnapshots('names a content by its bytes, however they came, and says how many', async (snapshots) => {
    for (const content of [bytesOf(1_000), bytesOf(MB + 1)]) {
      const whole = keep(snapshots, content);
      expect(keep(snapshots, content, 999)).toBe(whole);
      expect(Buffer.compare(read(snapshots, whole), content)).toBe(0);
    }
  });

  withSnapshots(
    'keeps pieces as they were when they came, also those of a Buffer that is used again',
    async (snapshots) => {
      for (const size of [1_000, MB + 1]) {
        const content = bytesOf(size, 5);
        const writer = snapshots.blobs.begin();
        const buffer = Buffer.alloc(600);
        for (let at = 0; at < size; at += buffer.length) {
          const piece = buffer.subarray(0, Math.min(buffer.length, size - at));
          piece.set(content.subarray(at, at + piece.length));
          writer.write(piece);
        }
        const { hash, bytes } = writer.end();
        expect(bytes).toBe(size);
        expect(Buffer.compare(read(snapshots, hash), content)).toBe(0);
      }
    },
  );
}

function writingCases(make: Make, { it, expect }: StoreSuiteTools): void {
  const withSnapshots = casesWithSnapshots(make, it);

  withSnapshots('takes several contents at a time', async (snapshots) => {
    const contents = [bytesOf(MB + 9, 1), bytesOf(500, 2), bytesOf(MB + 9, 3)];
    const writers = contents.map(() => snapshots.blobs.begin());
    for (const [i, writer] of writers.entries()) writer.write(contents[i]?.subarray(0, 400) ?? bytesOf(0));
    for (const [i, writer] of writers.entries()) writer.write(contents[i]?.subarray(400) ?? bytesOf(0));
    for (const [i, writer] of writers.entries()) {
      const content = contents[i] ?? bytesOf(0);
      expect(Buffer.compare(read(snapshots, writer.end().hash), content)).toBe(0);
    }
  });

  withSnapshots('keeps nothing of what was abandoned, and nothing behind the end', async (snapshots) => {
    for (const size of [100, MB + 1]) {
      const content = bytesOf(size, 9);
      const writer = snapshots.blobs.begin();
      writer.write(content);
      writer.abandon();
      writer.abandon();
      expect(await nameOfFailure(() => writer.end())).toBe('Error');
      expect(await nameOfFailure(() => writer.write(content))).toBe('Error');
      const other = snapshots.blobs.begin();
      other.write(content);
      const { hash } = other.end();
      other.abandon();
      expect(read(snapshots, hash).length).toBe(size);
      expect(await nameOfFailure(() => other.end())).toBe('Error');
    }
  });
}

function damageCases(make: Make, { it, expect, damage }: StoreSuiteTools): void {
  const withSnapshots = casesWithSnapshots(make, it);

  withSnapshots('throws for a content that is not there, or cannot be', async (snapshots) => {
    for (const hash of [EMPTY, '', '../../etc/passwd', 'E3B0', `${EMPTY}\0`]) {
      expect(await nameOfFailure(() => read(snapshots, hash))).toBe('Error');
    }
  });

  withSnapshots('gives out copies', async (snapshots) => {
    for (const size of [100, 5_000, MB + 1]) {
      const content = bytesOf(size);
      const hash = keep(snapshots, content);
      for (const piece of snapshots.blobs.read(hash)) piece.fill(0);
      expect(Buffer.compare(read(snapshots, hash), content)).toBe(0);
    }
  });

  if (damage === undefined) return;
  withSnapshots('says at the end at the latest that a content was damaged', async (snapshots, store) => {
    for (const size of [100, 5_000, MB + 1]) {
      const hash = keep(snapshots, bytesOf(size));
      if (!(await damage(store, hash))) continue;
      expect(await nameOfFailure(() => read(snapshots, hash))).toBe('Error');
    }
  });
}

function unusedCases(make: Make, { it, expect, now = Date.now }: StoreSuiteTools): void {
  const withSnapshots = casesWithSnapshots(make, it);
  const isThere = async (attempt: () => unknown): Promise<boolean> =>
    (await nameOfFailure(attempt)) === 'done';

  withSnapshots(
    'removes contents that nothing refers to, an hour after they were kept',
    async (snapshots) => {
      const kept = [bytesOf(50), bytesOf(MB + 1)].map((content) => keep(snapshots, content));
      snapshots.prune(NO_LIMITS, now() + HOUR + 60_000);
      for (const hash of kept) expect(await isThere(() => read(snapshots, hash))).toBe(false);
    },
  );

  withSnapshots('keeps contents for an hour: their snapshot may still come', async (snapshots) => {
    const kept = [bytesOf(50), bytesOf(MB + 1)].map((content) => keep(snapshots, content));
    snapshots.prune(NO_LIMITS, now() + HOUR - 60_000);
    for (const hash of kept) expect(await isThere(() => read(snapshots, hash))).toBe(true);
  });

  withSnapshots('keeps contents that a snapshot refers to, also one that came later', async (snapshots) => {
    const [first = '', second = ''] = [keep(snapshots, bytesOf(50)), keep(snapshots, bytesOf(MB + 1))];
    snapshots.enter(askOf('a', { blobs: [first] }));
    snapshots.enter(askOf('b', { blobs: [first] }));
    snapshots.change('a', CAPTURED, { blobs: [first, second] });
    const later = now() + 2 * HOUR;
    snapshots.prune(NO_LIMITS, later);
    expect([read(snapshots, first).length, read(snapshots, second).length]).toEqual([50, MB + 1]);
    snapshots.prune({ ...NO_LIMITS, maxSnapshots: 1 }, later + HOUR);
    expect(read(snapshots, first).length).toBe(50);
    expect(await isThere(() => read(snapshots, second))).toBe(false);
    snapshots.prune({ ...NO_LIMITS, maxSnapshots: 0, notBefore: START }, later + 2 * HOUR);
    expect(await isThere(() => read(snapshots, first))).toBe(false);
  });
}
