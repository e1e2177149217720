import type { FileFacts } from '../../core/file-facts.ts';
import { commandForms, statementForms } from './read-argument.ts';

/** What a shell would read otherwise than it stands: without any of these a line means what it says. */
const SHELL_MARKS = /["'\\$`;|&(){}<>\n*?[~]|\s\s|(?:^|\s)(?:-|\S*\/)/;
/** Verbs of statements, and what can hide them. */
const SQL_MARKS =
  /\b(?:alter|call|copy|create|delete|do|drop|exec|execute|grant|insert|merge|replace|revoke|set|truncate|update|with)\b|\/\*/i;
/** Longer strings are no command that somebody asks about. */
const MAX_LENGTH = 1 << 16;
const NONE: readonly never[] = Object.freeze([]);

/**
 * What a bare string would be as a command and as a statement. Nobody said that it is either, so these readings only
 * forbid.
 */
export function bareForms(text: string, files: FileFacts): readonly string[] {
  if (text.length > MAX_LENGTH || isOnePathOrUrl(text)) return NONE;
  const isCommand = SHELL_MARKS.test(text);
  const isStatement = SQL_MARKS.test(text);
  if (!isCommand && !isStatement) return NONE;
  const forms = [
    ...(isCommand ? commandForms(text, files) : NONE),
    ...(isStatement ? statementForms(text) : NONE),
  ];
  return [...new Set(forms)].filter((form) => form !== text && form !== '');
}

/** A path or a URL and nothing else runs nothing. */
function isOnePathOrUrl(text: string): boolean {
  return /^[~./]?[^\s;|&<>()`$'"\\]*$/.test(text) && text.includes('/');
}
