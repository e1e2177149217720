import { expect, test } from 'vitest';
import { ActionGuard } from '../../src/index.ts';
import { readCorpus, tallyHarmless } from './corpus.ts';
import { LinkFolder } from './link-folder.ts';

/** The share of harmless lines that may be stopped. */
const MOST_ALARMS = 0.01;

test('the built-in policy lets at least 99 % of daily work through', () => {
  using links = new LinkFolder();
  const guard = new ActionGuard({ snapshotPath: null });
  const { total, wrong } = tallyHarmless(guard, readCorpus('harmless', links.path));
  expect(total).toBeGreaterThanOrEqual(860);
  expect(wrong.length / total, wrong.join('\n')).toBeLessThanOrEqual(MOST_ALARMS);
});

test('every harmless line has an id of its own that depends on its text alone', () => {
  const lines = readCorpus('harmless', '/links');
  const ids = lines.map(({ id }) => id);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  expect(readCorpus('harmless', '/elsewhere').map(({ id }) => id)).toEqual(ids);
});

test('the harmless lines hold prose, and texts that speak of what is stopped', () => {
  const lines = readCorpus('harmless', '/links');
  const ofGroup = (name: string): number => lines.filter(({ group }) => group === name).length;
  expect(ofGroup('prose')).toBeGreaterThanOrEqual(60);
  expect(ofGroup('written-text')).toBeGreaterThanOrEqual(20);
});
