import { systemClock } from '../../call/system-clock.ts';
import type { Freeze } from '../../core/freeze.ts';
import { printable } from '../../explain/printable.ts';
import { EXIT } from '../exit-codes.ts';
import { type JournalPlace, journalFile } from '../journal-file.ts';
import { openStore, whoAmI } from '../open-store.ts';
import { print, printJson } from '../output.ts';
import { UsageError } from '../usage-error.ts';

/** Which journal's guards are meant, and how the answer is printed. */
export interface FreezeOptions extends JournalPlace {
  readonly json?: boolean | undefined;
}

/** Refuses every call of every guard on the journal from now on; a freeze that is there is replaced. */
export function freeze(reason: string, options: FreezeOptions): number {
  if (reason.trim() === '') throw new UsageError('Say why: the reason is shown in every refusal.');
  const file = journalFile(options);
  const { store, draft, redacted } = openStore(file);
  try {
    const before = store.frozen();
    const now = { reason: redacted(reason), at: new Date(systemClock.now()), by: whoAmI() };
    store.setFrozen(now, draft('policy', { event: 'frozen', reason: now.reason, by: now.by }));
    if (options.json === true) printJson({ frozen: true, ...now, before, db: file.path });
    else
      print(
        `Frozen: ${stateText(now)}`,
        `Every guard on ${printable(file.path)} refuses all calls until \`plyra-guard unfreeze\`.`,
      );
    return EXIT.ok;
  } finally {
    store.close();
  }
}

/** Lifts a freeze. Without one it says so, and all is well. */
export function unfreeze(options: FreezeOptions): number {
  const file = journalFile(options);
  const { store, draft } = openStore(file);
  try {
    const before = store.frozen();
    const by = whoAmI();
    if (before !== null) store.setFrozen(null, draft('policy', { event: 'unfrozen', by }));
    if (options.json === true) printJson({ frozen: false, before, db: file.path });
    else if (before === null) print(`There is no freeze on ${printable(file.path)}: guards judge as ever.`);
    else print(`Not frozen any more. It was: ${stateText(before)}`);
    return EXIT.ok;
  } finally {
    store.close();
  }
}

function stateText({ reason, at, by }: Freeze): string {
  return `${printable(reason)} (since ${at.toISOString()}, by ${printable(by)})`;
}
