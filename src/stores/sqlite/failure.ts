/** SQLite's primary result codes that are told in other words than its own. */
const CODES = Object.freeze({
  busy: 5,
  locked: 6,
  noMemory: 7,
  readOnly: 8,
  interrupted: 9,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
});

/** What happened and how to fix it, by primary result code. */
const WORDS: Readonly<Record<number, string>> = Object.freeze({
  [CODES.busy]:
    'another process holds the database locked. Wait for it to finish, or end it: a process that was stopped in a debugger holds its locks too',
  [CODES.locked]: 'another statement holds the table locked',
  [CODES.noMemory]: 'SQLite got no memory',
  [CODES.readOnly]: 'it is read-only. Make the file and its folder writable for this user',
  [CODES.ioError]:
    'the disk failed to read or write, or a limit on the size of files was reached. Check the disk and `ulimit -f`',
  [CODES.corrupt]: 'the file is damaged. It is left as it is: restore a backup of it',
  [CODES.full]: 'the disk is full. Free some space; writing goes on by itself',
  [CODES.cannotOpen]: 'it cannot be opened. Check that the folder exists and is writable for this user',
  [CODES.notADatabase]: 'it is no SQLite database, and is left as it is',
});

/** After these SQLite may have undone the whole transaction by itself; what follows would then be outside of one. */
const ENDING: readonly number[] = Object.freeze([CODES.busy, CODES.noMemory, CODES.full, CODES.interrupted]);

/** After these the connection may not be fit for use: the next attempt opens the file again. */
const REOPEN: readonly number[] = Object.freeze([
  CODES.ioError,
  CODES.corrupt,
  CODES.cannotOpen,
  CODES.notADatabase,
]);

/** SQLite's primary result code of an error, or `undefined` when SQLite did not throw it. */
function codeOf(error: unknown): number | undefined {
  const code: unknown = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  // The upper bits tell more closely what happened.
  return typeof code === 'number' ? code & 0xff : undefined;
}

/** True where somebody else holds a lock, also when it is told in plain words. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error) ?? codeOf(error instanceof Error ? error.cause : undefined);
  return code === CODES.busy || code === CODES.locked;
}

/** True where the connection must be opened again before it is used. */
export function needsReopening(error: unknown): boolean {
  const code = codeOf(error);
  return (code !== undefined && REOPEN.includes(code)) || isClosedHandle(error);
}

/** True where a transaction cannot go on, whoever catches the error. */
export function endsTransaction(error: unknown): boolean {
  const code = codeOf(error);
  return (code !== undefined && ENDING.includes(code)) || needsReopening(error);
}

/** What SQLite said, in plain words and its own, and how to fix it; `undefined` where it was not SQLite. */
export function wordsOf(error: unknown): string | undefined {
  if (isClosedHandle(error)) return 'its connection was closed';
  const code = codeOf(error);
  if (code === undefined) return undefined;
  const { message } = error as Error;
  const words = WORDS[code];
  return words === undefined ? `SQLite says: ${message}` : `${words} (SQLite: ${message})`;
}

/** An error of SQLite as one that names the file and says in plain words what is wrong; any other one as it is. */
export function inWords(path: string, error: unknown): unknown {
  const words = wordsOf(error);
  if (words === undefined) return error;
  return new Error(`The database ${path} failed: ${words}.`, { cause: error });
}

/** Node's own error for a handle that is not open. */
function isClosedHandle(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_STATE';
}
