import { expect, test } from 'vitest';
import { ActionGuard } from '../../src/index.ts';
import { readCorpus, tallyEvasions } from './corpus.ts';
import { LinkFolder } from './link-folder.ts';

test('no way to spell what the built-in policy stops gets round it', () => {
  using links = new LinkFolder();
  const guard = new ActionGuard({ snapshotPath: null });
  const { total, wrong } = tallyEvasions(guard, readCorpus('evasions', links.path));
  expect(wrong).toEqual([]);
  expect(total).toBeGreaterThanOrEqual(1150);
});

test('every evasion says why it is one, and has an id of its own that depends on its text alone', () => {
  const lines = readCorpus('evasions', '/links');
  const ids = lines.map(({ id }) => id);
  expect(lines.filter(({ why }) => why === '')).toEqual([]);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  expect(readCorpus('evasions', '/elsewhere').map(({ id }) => id)).toEqual(ids);
  expect(ids).toContain('shell/recursive-delete/3fa2842f');
});

test('the evasions are of every kind, and of everything that the built-in policy is to stop', () => {
  const lines = readCorpus('evasions', '/links');
  expect(new Set(lines.map(({ id }) => id.split('/')[0]))).toEqual(
    new Set(['shell', 'read', 'write', 'delete', 'url', 'sql', 'call', 'text']),
  );
  expect(new Set(lines.map(({ group }) => group)).size).toBeGreaterThanOrEqual(18);
});
