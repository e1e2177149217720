import { parse } from 'unbash';

/** A command of a line: its words with the files of its redirects, and the name of what its output goes to. */
interface Run {
  readonly words: readonly string[];
  readonly next: string | undefined;
}

/** Folders of the operating system. */
const SYSTEM_PATH = /^\/+(?:etc|boot|proc|sys)(?:\/|$)/;
/** The same on Windows, whose shells keep the backslashes that others drop. */
const WINDOWS_PATH = /(?:^|\s)(?:[a-z]:\\+(?:windows|winnt)|%systemroot%|%windir%)(?:\\|\s|$)/i;
/** What says which system this is; reading it harms nobody. */
const SYSTEM_FACTS = /^(?:true )?cat \/etc\/(?:hosts|os-release|resolv\.conf)(?: true)?$/;
const SHELL = /^(?:.*\/)?(?:ba|da|z|k)?sh$/;

/**
 * Whether a shell that is given the line, by itself or in the place of an argument, would read or write a
 * system folder, delete by force, run code from the network or hand a shell to somebody: read off the parsed line.
 */
export function harmfulCommand(line: string): boolean {
  // Shellshock: what follows the function runs when the variable is imported.
  const code = line.replace(/^\(\) \{ :;\};/, '');
  return (
    WINDOWS_PATH.test(line) ||
    [code, `${code} true`, `true ${code}`, `true ${code} true`].some((text) => runsOf(text).some(isHarmful))
  );
}

function isHarmful({ words, next = '' }: Run): boolean {
  const [name = '', ...args] = words;
  const command = name.replace(/^.*\//, '');
  const flags = args.filter((word) => word.startsWith('-')).join(' ');
  if (SYSTEM_FACTS.test(words.join(' '))) return false;
  if (args.some((word) => SYSTEM_PATH.test(word))) return true;
  if (command === 'rm') return /(?:^| )-\w*r/i.test(flags) && /(?:^| )-\w*f/.test(flags);
  if (command === 'curl' || command === 'wget') return SHELL.test(next);
  if (command === 'nc' || command === 'ncat') return /(?:^| )-\w*e/.test(flags);
  return false;
}

/** Every simple command of a line that parses, wherever it stands, with what `sh -c` is given read in turn. */
function runsOf(line: string): readonly Run[] {
  const script = parse(line);
  if ((script.errors?.length ?? 0) > 0) return [];
  const runs: Run[] = [];
  const visit = (node: unknown, next?: string): void => {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) {
      for (const child of node) visit(child);
      return;
    }
    const fields = node as Readonly<Record<string, unknown>>;
    if (fields.type === 'Pipeline' && Array.isArray(fields.commands)) {
      fields.commands.forEach((command, at, all) => {
        visit(command, wordsOf(all[at + 1])[0]);
      });
      return;
    }
    const words = wordsOf(node);
    if (words.length > 0) runs.push({ words, next });
    if (SHELL.test(words[0] ?? '') && words[1] === '-c') runs.push(...runsOf(words[2] ?? ''));
    // Parts of words and their scripts are made when they are asked for: they are no fields of their own.
    visit(fields.parts);
    visit(fields.script);
    for (const child of Object.values(fields)) visit(child);
  };
  visit(script);
  return runs;
}

/** The words of a simple command and the files of its redirects; empty for every other node. */
function wordsOf(node: unknown): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  const { type, name, prefix, suffix } = node as Readonly<Record<string, unknown>>;
  if (type !== 'Command') return [];
  return [[name], prefix, suffix].flat(2).flatMap((part) => {
    const { value, target } = (part ?? {}) as { value?: unknown; target?: { value?: unknown } };
    const text = value ?? target?.value;
    return typeof text === 'string' ? [text] : [];
  });
}
