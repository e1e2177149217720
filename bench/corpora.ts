import { ActionGuard } from 'plyra-guard';
import { readCorpus, tallyEvasions, tallyHarmless } from '../test/spellings/corpus.ts';
import { LinkFolder } from '../test/spellings/link-folder.ts';
import { type PayloadTally, tallyPayloads } from '../test/spellings/payloads/lists.ts';

/** How the built-in policy does on both corpora and on the public payload lists. */
export interface CorpusRates {
  /** Ways to spell what must be stopped: how many there are, and those that get through, each with why it is one. */
  readonly evasions: { readonly total: number; readonly misses: readonly string[] };
  /** Daily work: how many lines there are, and those that are stopped. */
  readonly harmless: { readonly total: number; readonly alarms: readonly string[] };
  /** Each public list; `null` where the lists are not beside the checkout. */
  readonly payloads: readonly PayloadTally[] | null;
}

/** Judges every line of the corpora with a guard that has the built-in policy. */
export function measureCorpora(): CorpusRates {
  using links = new LinkFolder();
  const guard = new ActionGuard({ snapshotPath: null });
  const evasions = tallyEvasions(guard, readCorpus('evasions', links.path));
  const harmless = tallyHarmless(guard, readCorpus('harmless', links.path));
  return {
    evasions: { total: evasions.total, misses: evasions.wrong },
    harmless: { total: harmless.total, alarms: harmless.wrong },
    payloads: tallyPayloads(guard),
  };
}
