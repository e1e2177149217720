import type { Field } from './field.ts';

/** What a script of `sed` or `awk` does beside its text. */
export interface OwnScript {
  /** Whether it starts commands. */
  readonly runs: boolean;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

interface ScriptOptions {
  /** Letters of options with a value, with one that is attached if given, with a script, with a script's file. */
  readonly values: string;
  readonly attached: string;
  readonly code: string;
  readonly file: string;
  readonly longCode: RegExp;
  readonly longFile: RegExp;
}

const PRINTS_ONLY: OwnScript = Object.freeze({ runs: false, reads: [], writes: [] });
const SED: ScriptOptions = Object.freeze({
  values: 'l',
  attached: 'i',
  code: 'e',
  file: 'f',
  longCode: /^--exp/,
  longFile: /^--fil/,
});
const AWK: ScriptOptions = Object.freeze({
  values: 'Fv',
  attached: '',
  code: 'e',
  file: 'fE',
  longCode: /^--so/,
  longFile: /^--(?:file|exec)/,
});

/** Whether a program has a script language that is read here. */
export function ownLanguage(name: string): 'sed' | 'awk' | null {
  if (name === 'sed') return 'sed';
  return name.endsWith('awk') && name.length < 5 ? 'awk' : null;
}

/** The scripts and the files of scripts among the words of a `sed` or `awk`. */
export function scriptsOf(
  language: 'sed' | 'awk',
  args: readonly Field[],
): readonly [scripts: string[], files: string[]] {
  const options = language === 'sed' ? SED : AWK;
  const scripts: string[] = [];
  const files: string[] = [];
  let first: string | null = null;
  for (let i = 0; i < args.length; i++) {
    const text = args[i]?.text ?? '';
    const next = args[i + 1]?.text ?? '';
    if (text === '--' || !/^-./.test(text)) {
      if (text === '--') i++;
      first ??= args[i]?.text ?? '';
      // Options of awk end here, those of sed do not.
      if (text === '--' || language === 'awk') break;
      continue;
    }
    if (text.startsWith('--')) {
      const equals = text.indexOf('=');
      const list = options.longCode.test(text) ? scripts : options.longFile.test(text) ? files : null;
      if (list !== null) list.push(equals < 0 ? next : text.slice(equals + 1));
      if (equals < 0 && (list !== null || /^--(?:assign|field-sep|line-l)/.test(text))) i++;
      continue;
    }
    for (let j = 1; j < text.length; j++) {
      const letter = text[j] ?? '';
      const list = options.code.includes(letter) ? scripts : options.file.includes(letter) ? files : null;
      if (list === null && !options.values.includes(letter) && !options.attached.includes(letter)) continue;
      const rest = text.slice(j + 1);
      const isNext = rest === '' && !options.attached.includes(letter);
      if (list !== null) list.push(isNext ? next : rest);
      if (isNext) i++;
      break;
    }
  }
  if (scripts.length === 0 && files.length === 0 && first !== null) scripts.push(first);
  return [scripts, files];
}

/** Reads a script of either language. */
export function readOwnScript(language: 'sed' | 'awk', script: string): OwnScript {
  // Most scripts have no letter or sign in them that can do more than print.
  if (!(language === 'sed' ? /[erRwW]/ : /[|<>@]|system/).test(script)) return PRINTS_ONLY;
  return language === 'sed' ? readSed(script) : readAwk(script);
}

/** Reads the commands of a sed script from left to right, with whatever addresses they have. */
function readSed(script: string): OwnScript {
  const reads: string[] = [];
  const writes: string[] = [];
  let at = 0;
  /** The place behind the next `mark` that has no backslash before it. */
  const behind = (mark: string, from: number): number => {
    for (let i = from; i < script.length; i++) {
      if (script[i] === '\\') i++;
      else if (script[i] === mark) return i + 1;
    }
    return script.length;
  };
  const lineEnd = (from: number): number => {
    const end = script.indexOf('\n', from);
    return end < 0 ? script.length : end;
  };
  const done = (runs: boolean): OwnScript => ({ runs, reads, writes });
  while (at < script.length) {
    const char = script[at] ?? '';
    at++;
    if (/[\s;{}\d$,+~!IM=dDgGhHlnNpPqQxzF]/.test(char)) continue;
    if (char === '/') at = behind('/', at);
    else if (char === '\\') at = behind(script[at] ?? '', at + 1);
    else if (char === 'e') return done(true);
    else if (char === 's' || char === 'y') {
      const mark = script[at] ?? '';
      at = behind(mark, behind(mark, at + 1));
      if (char === 'y') continue;
      const flags = /^[gpiImM\d\s]{0,20}/.exec(script.slice(at, at + 20))?.[0] ?? '';
      const flag = script[at + flags.length];
      if (flag === 'e' && !flags.includes('\n')) return done(true);
      if (flag === 'w' && !flags.includes('\n')) {
        const end = lineEnd(at);
        writes.push(script.slice(at + flags.length + 1, end).trim());
        at = end;
      }
    } else if (/[rRwW]/.test(char)) {
      const end = lineEnd(at);
      (/r/i.test(char) ? reads : writes).push(script.slice(at, end).trim());
      at = end;
    } else if (/[aic]/.test(char)) at = behind('\n', at);
    else if (char === '#') at = lineEnd(at);
    else if (/[:btTv]/.test(char)) while (at < script.length && !/[;\n}]/.test(script[at] ?? '')) at++;
    else return done(false);
  }
  return done(false);
}

/** What an awk script says without its texts and patterns: a bar that is left starts a command. */
function readAwk(script: string): OwnScript {
  const reads: string[] = [];
  const writes: string[] = [];
  const plain: string[] = [];
  // The last character that is no blank, and the last `<` or `>` behind which only blanks and `(` stand.
  let last = '';
  let arrow = '';
  for (let at = 0; at < script.length; at++) {
    const char = script[at] ?? '';
    if (char === '#') {
      const end = script.indexOf('\n', at);
      at = end < 0 ? script.length : end - 1;
    } else if (char === '"' || (char === '/' && '~(,!&|{};\n'.includes(last))) {
      let end = at + 1;
      while (end < script.length && script[end] !== char) end += script[end] === '\\' ? 2 : 1;
      if (char === '"' && arrow !== '') (arrow === '<' ? reads : writes).push(script.slice(at + 1, end));
      plain.push('""');
      last = '"';
      arrow = '';
      at = end;
    } else {
      plain.push(char);
      if (char === '<' || char === '>') arrow = char;
      else if (!/[\s(]/.test(char)) arrow = '';
      if (char === '\n' || !/\s/.test(char)) last = char;
    }
  }
  const runs = /\bsystem\s{0,9}\(|@\w{1,99}\s{0,9}\(|(?:^|[^|])\|(?!\|)/.test(plain.join(''));
  return { runs, reads, writes };
}
