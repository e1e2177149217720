/** What decides where a string, a comment or a name ends; the databases differ in nothing else that matters here. */
export interface Dialect {
  readonly name: string;
  /** `'it\'s'` is one string. */
  readonly backslashes: boolean;
  /** `E'it\'s'` is one string, whatever holds for the others. */
  readonly escapeStrings: boolean;
  /** `#` starts a comment. */
  readonly hashComments: boolean;
  /** `--x` is no comment, `-- x` is. */
  readonly dashNeedsSpace: boolean;
  /** A carriage return without line feed ends a line. */
  readonly returnEndsLine: boolean;
  /** A comment inside a comment has an end of its own. */
  readonly nestedComments: boolean;
  /** What stands in `/*! … *\/` is run. */
  readonly executableComments: boolean;
  /** Anything may stand in `[…]`, which is a name. */
  readonly bracketNames: boolean;
  /** Spaces of other scripts are white space, else parts of names. */
  readonly unicodeSpaces: boolean;
}

export const POSTGRES: Dialect = Object.freeze({
  name: 'PostgreSQL',
  backslashes: false,
  escapeStrings: true,
  hashComments: false,
  dashNeedsSpace: false,
  returnEndsLine: true,
  nestedComments: true,
  executableComments: false,
  bracketNames: false,
  unicodeSpaces: false,
});
const MYSQL: Dialect = Object.freeze({
  ...POSTGRES,
  name: 'MySQL',
  backslashes: true,
  escapeStrings: false,
  hashComments: true,
  dashNeedsSpace: true,
  returnEndsLine: false,
  nestedComments: false,
  executableComments: true,
});
export const SQLITE: Dialect = Object.freeze({
  ...POSTGRES,
  name: 'SQLite',
  returnEndsLine: false,
  escapeStrings: false,
  nestedComments: false,
  bracketNames: true,
});
const SQL_SERVER: Dialect = Object.freeze({
  ...POSTGRES,
  name: 'SQL Server',
  returnEndsLine: false,
  escapeStrings: false,
  bracketNames: true,
  unicodeSpaces: true,
});

/** PostgreSQL reads every text; these only those texts in which it meets something that they read differently. */
export const OTHER_DIALECTS: readonly Dialect[] = Object.freeze([MYSQL, SQLITE, SQL_SERVER]);
