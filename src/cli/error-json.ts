import { CommanderError } from 'commander';
import { ActionGuardError, ConfigError } from '../core/errors.ts';
import { UsageError } from './usage-error.ts';

/** What a program reads where a command could not do its work. */
export interface ErrorJson {
  readonly error: {
    /** An error's own code such as `CONFIG_SCHEMA`, `USAGE` for a wrong call, else `FAILURE`. */
    readonly code: string;
    readonly message: string;
    readonly file: string | null;
    /** From 1. */
    readonly line: number | null;
    /** From 1. */
    readonly column: number | null;
  };
}

/** True if the words of a command line have `--json` among their options. */
export function asksForJson(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return (end < 0 ? words : words.slice(0, end)).includes('--json');
}

/** An error as data; `hint` is put behind its message. */
export function errorJson(error: unknown, hint = ''): ErrorJson {
  const place = error instanceof ConfigError ? error : undefined;
  return {
    error: {
      code: codeOf(error),
      message: hint === '' ? messageOf(error) : `${messageOf(error)}. ${hint}`,
      file: place?.file ?? null,
      line: place?.line ?? null,
      column: place?.column ?? null,
    },
  };
}

/** What an error says; commander's without its `error: `. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof CommanderError ? message.replace(/^error: /, '') : message;
}

function codeOf(error: unknown): string {
  if (error instanceof ActionGuardError) return error.code;
  return error instanceof UsageError || error instanceof CommanderError ? 'USAGE' : 'FAILURE';
}
