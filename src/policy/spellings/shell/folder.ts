import type { Field } from './field.ts';
import { below } from './operands.ts';

/** The folder that commands work in after this one; `null` when the line does not tell. */
export function folderAfter(name: string, args: readonly Field[], folder: string | null): string | null {
  if (name === 'popd') return null;
  if (name !== 'cd' && name !== 'pushd') return folder;
  const target = args.find(({ text }) => !/^-[LPe@-]+$/.test(text));
  if (target === undefined) return '~';
  if (!target.literal || target.glob || target.text === '-') return null;
  return folder === null ? target.text : below(folder, target.text);
}
