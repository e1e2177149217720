import type { Field } from './field.ts';

/** What a command can read from its input: nothing of the line, what cannot be known, a text of it, or a file. */
export type Feed =
  | { readonly kind: 'none' | 'unknown' }
  /** `shared` where other commands read from the same text, so that where this one begins is not known. */
  | { readonly kind: 'text'; readonly field: Field; readonly shared?: true }
  | { readonly kind: 'file'; readonly path: string };

export const NOTHING: Feed = Object.freeze({ kind: 'none' });
export const UNKNOWN: Feed = Object.freeze({ kind: 'unknown' });

/** What a command prints, where that is plain from its words: `echo`, `printf`, and `cat` of its input. */
export function outputOf(name: string | null, args: readonly Field[], feed: Feed): Feed {
  if (name === 'cat' && args.every(({ text }) => text === '-')) return feed.kind === 'text' ? feed : UNKNOWN;
  const literal = args.every((arg) => arg.literal && !arg.glob);
  if (name === 'echo') return { kind: 'text', field: textField(echoed(args), args, literal) };
  if (name !== 'printf') return UNKNOWN;
  const text = printed(args.filter(({ text }, index) => index > 0 || text !== '--').map(({ text }) => text));
  return text === null ? UNKNOWN : { kind: 'text', field: textField(text, args, literal) };
}

/** A printed text. Where what is not known stands in it is kept for a single word only. */
function textField(text: string, args: readonly Field[], literal: boolean): Field {
  const field = { text, literal, glob: false };
  const source = args.find((arg) => arg.text === text && arg.holes !== undefined);
  return source?.holes === undefined ? field : { ...field, holes: source.holes };
}

function echoed(args: readonly Field[]): string {
  const first = args.findIndex(({ text }) => !/^-[neE]+$/.test(text));
  const text = args
    .slice(first < 0 ? args.length : first)
    .map((arg) => arg.text)
    .join(' ');
  return withoutEscapes(text);
}

/** The text of `printf` where its format only prints texts as they are. */
function printed([format = '', ...values]: readonly string[]): string | null {
  if (/%[^s%b]|%$/.test(format)) return null;
  const fill = (texts: string[]): string =>
    withoutEscapes(format).replace(/%[s%b]/g, (mark) =>
      mark === '%%' ? '%' : withoutEscapes(texts.shift() ?? ''),
    );
  const rest = [...values];
  let text = fill(rest);
  for (let round = 0; rest.length > 0 && /%[sb]/.test(format) && round < 100; round++) text += fill(rest);
  return rest.length > 0 && /%[sb]/.test(format) ? null : text;
}

/** The escapes that `echo -e`, `printf` and some plain `echo` know. */
function withoutEscapes(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:x([0-9a-fA-F]{1,2})|0?([0-7]{1,3})|([nrt\\]))/g, (_, hex, octal, letter) => {
    if (letter !== undefined) return { n: '\n', r: '\r', t: '\t' }[letter as string] ?? '\\';
    return String.fromCharCode(
      hex !== undefined ? Number.parseInt(hex, 16) : Number.parseInt(octal, 8) & 255,
    );
  });
}
