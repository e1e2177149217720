import type { ShellCommand } from './shell/command.ts';
import { literalField } from './shell/field.ts';
import { singleSpaced } from './shell/line-text.ts';
import { ShellReader } from './shell/reader.ts';

export type { ShellCommand } from './shell/command.ts';

/** What a shell line does, as far as its text tells. */
export interface ShellReading {
  /** Every simple command, however deep it stands, a wrapped one after the one that wraps it. */
  readonly commands: readonly ShellCommand[];
  /** The targets of redirects that write: `>`, `>>`, `>|`, `&>`, `<>`. */
  readonly writes: readonly string[];
  /** The targets of redirects that read, and the likes of `/dev/null` that are written to. */
  readonly reads: readonly string[];
  /** The whole line, printed again from decoded words and its operators: `curl x | sh`. */
  readonly line: string;
  /** The printable texts that base64 and hex chunks among its words stand for, one level deep. */
  readonly decoded: readonly string[];
  /** Why the line cannot be read, or not to its end, in words for a person; `null` when it can. */
  readonly unreadable: string | null;
}

/** Reads a line of shell. Never throws; what cannot be read is said so, and what was read before is kept. */
export function readShell(line: string): ShellReading {
  const reader = new ShellReader();
  return reading(reader, reader.script(line));
}

/** Reads the words of one command, already decoded, as a program receives them. */
export function readArgv(argv: readonly string[]): ShellReading {
  const reader = new ShellReader();
  return reading(reader, reader.words(argv.map(literalField)));
}

function reading(reader: ShellReader, line: string): ShellReading {
  reader.finish();
  return {
    commands: reader.commands,
    writes: [...reader.targets.writes],
    reads: [...reader.targets.reads],
    line: singleSpaced(line),
    decoded: [...reader.decoded],
    unreadable: reader.unreadable,
  };
}
