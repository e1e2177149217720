import { MAX_DEPTH, MAX_TOKENS } from './caps.ts';
import type { Yaml } from './lazy.ts';

/** A cap that a text exceeds, and where. */
export interface TooMuch {
  readonly message: string;
  readonly offset: number;
}

/**
 * Where a text first nests deeper than the cap, or has too many parts; `undefined` if it does not. Works on the lexer's
 * tokens, before anything that recurses or takes long sees the text. Counts open brackets and the columns at which
 * blocks begin, which is never less than the depth of the tree, and at most two more.
 */
export function exceedsCap(text: string, yaml: Yaml): TooMuch | undefined {
  let tokens = 0;
  let wrongEscapes = 0;
  const columns: number[] = [];
  let flow = 0;
  let offset = 0;
  let lineStart = 0;
  for (const token of new yaml.Lexer().lex(text)) {
    if (++tokens > MAX_TOKENS) return { message: `The file has more than ${MAX_TOKENS} parts.`, offset };
    if (token.startsWith('"')) {
      wrongEscapes += token.match(WRONG_ESCAPE)?.length ?? 0;
      if (wrongEscapes > MAX_WRONG_ESCAPES) return { message: WRONG_ESCAPES, offset };
    }
    if (isMark(token)) {
      if (token === DOCUMENT_START) columns.length = 0;
      continue;
    }
    if (token === '[' || token === '{') flow++;
    else if (token === ']' || token === '}') flow = Math.max(0, flow - 1);
    else if (flow === 0 && beginsBlock(token)) {
      const column = offset - lineStart;
      while (columns.length > 0 && (columns.at(-1) ?? 0) >= column) columns.pop();
      columns.push(column);
    }
    if (columns.length + flow > MAX_DEPTH + 2) {
      return { message: `Values are nested deeper than ${MAX_DEPTH} levels.`, offset };
    }
    offset += token.length;
    const newline = token.lastIndexOf('\n');
    if (newline >= 0) lineStart = offset - token.length + newline + 1;
  }
  return undefined;
}

const DOCUMENT_START = '\u0002';

/** The parser takes long over each wrong escape of double quotes; a file with so many is no policy. */
const MAX_WRONG_ESCAPES = 1_000;
const WRONG_ESCAPE = /\\[^0abefnrtvN_LPxuU "\\/\t\r\n]/g;
const WRONG_ESCAPES = `The file has more than ${MAX_WRONG_ESCAPES} backslashes in double quotes that YAML does not know. Use single quotes.`;

/** Tokens of the lexer that stand for no text. */
function isMark(token: string): boolean {
  return token === DOCUMENT_START || token === '\u0018' || token === '\u001f';
}

/** White space and comments begin nothing; anything else may. */
function beginsBlock(token: string): boolean {
  return !/^[\s#]/.test(token) && token !== ',';
}
