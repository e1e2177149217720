/**
 * What is known of the file system when a path is judged. The pure layers ask; the guard answers from the real file
 * system, once for each path of a call; without a guard there is {@link LEXICAL_FILES}, which knows nothing.
 */
export interface FileFacts {
  /** The working directory, absolute, with `/` between names; `null` when it is not known. */
  readonly cwd: string | null;
  /** The user's home, absolute; `null` when it is not known. */
  readonly home: string | null;
  /** Whether names that differ in case alone are one file. */
  readonly foldsCase: boolean;
  /** Whether `\` separates names and paths begin with drive letters. */
  readonly windows: boolean;
  /**
   * Folders that go by another name, as `[usual name, real path]`: `['/tmp', '/private/tmp']`. A real path below the
   * second is also known below the first.
   */
  readonly aliases: readonly (readonly [name: string, real: string])[];
  /**
   * The real path of an absolute path: symbolic links of its nearest existing ancestor resolved, what does not exist
   * appended as it is. The path may hold `..`, which then leads up from where a link before it leads. `null` when the file system cannot tell (a loop of links, no permission).
   */
  readonly realPath: (path: string) => string | null;
}

/** No file system: paths are judged by their text alone. */
export const LEXICAL_FILES: FileFacts = Object.freeze({
  cwd: null,
  home: null,
  foldsCase: false,
  windows: false,
  aliases: Object.freeze([]),
  realPath: (path: string): string => path,
});
