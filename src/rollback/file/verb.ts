import type { Argument } from '../../core/argument.ts';
import { familyOf, snakeCase } from '../../core/argument-kind.ts';
import type { ActionIntent } from '../../core/intent.ts';

/**
 * What an action does to the paths that it is given: `change` anything, `make` folders, `modes` changes modes and owners,
 * `copy`, `move` and `link` go from one path to another.
 */
export type Verb = 'change' | 'make' | 'modes' | 'copy' | 'move' | 'link';

/** An action that changes paths. */
export interface FileAction {
  readonly verb: Verb;
  /** Whether a path may be a pattern that the tool expands: nobody writes to `*.log`, but somebody deletes it. */
  readonly expands: boolean;
  /** False where nothing says that it changes files: `tool.analyze` may, and mostly does not. */
  readonly isSure: boolean;
}

/** First words of actions that change nothing. */
const READING: ReadonlySet<string> = new Set([
  ...[
    'read',
    'list',
    'stat',
    'get',
    'search',
    'view',
    'find',
    'ls',
    'cat',
    'grep',
    'glob',
    'head',
    'tail',
    'exists',
  ],
  ...[
    'show',
    'count',
    'describe',
    'summarize',
    'analyze',
    'analyse',
    'inspect',
    'preview',
    'compare',
    'diff',
  ],
  ...['query', 'lookup', 'is', 'has', 'check', 'validate', 'verify', 'explain', 'review', 'tree', 'parse'],
]);

/** Words in the names of parameters that say where something is put. */
const OUTPUTS: ReadonlySet<string> = new Set([
  'out',
  'output',
  'outfile',
  'dest',
  'destination',
  'target',
  'save',
]);

/** Last words that say the same: `file_exists`, `semantic_search`, `directory_tree`. */
const READING_AT_LAST: ReadonlySet<string> = new Set(['exists', 'search', 'tree', 'status', 'stat', 'stats']);

/** Second words of `git_…` that change nothing. */
const READING_GIT: ReadonlySet<string> = new Set(['status', 'log', 'diff', 'show', 'blame']);

/** Words for changing what is in a file. */
const EDITING: readonly string[] = Object.freeze([
  'write',
  'create',
  'append',
  'edit',
  'insert',
  'replace',
  'save',
  'touch',
  'put',
  'update',
  'patch',
  'add',
]);

/** Words that say that something is changed after all: `search_and_replace`, `get_or_create`. */
const CHANGING: ReadonlySet<string> = new Set([
  ...EDITING,
  ...[
    'delete',
    'remove',
    'rm',
    'unlink',
    'move',
    'mv',
    'rename',
    'copy',
    'set',
    'truncate',
    'overwrite',
    'modify',
  ],
  ...[
    'fix',
    'repair',
    'clean',
    'format',
    'reformat',
    'refactor',
    'rewrite',
    'apply',
    'convert',
    'generate',
    'sync',
  ],
  ...[
    'purge',
    'wipe',
    'erase',
    'clear',
    'reset',
    'prune',
    'drop',
    'destroy',
    'merge',
    'migrate',
    'transform',
  ],
  ...['store', 'dump', 'export', 'extract', 'unpack', 'unzip', 'restore', 'out'],
]);

/** Of these, those that work on the very path that they are given. */
const WRITING: ReadonlySet<string> = new Set([
  ...EDITING,
  ...['truncate', 'overwrite', 'modify', 'mkdir', 'mkdirs', 'makedirs', 'make'],
]);

/**
 * First words of actions whose effect is not in the paths that they are given: what was sent stays sent, and a program
 * does what it likes. To put back the files alone would look like undoing them.
 */
const ELSEWHERE: ReadonlySet<string> = new Set([
  ...[
    'send',
    'upload',
    'post',
    'publish',
    'share',
    'email',
    'mail',
    'attach',
    'notify',
    'push',
    'deploy',
    'submit',
  ],
  ...[
    'run',
    'exec',
    'execute',
    'eval',
    'start',
    'launch',
    'spawn',
    'call',
    'invoke',
    'build',
    'install',
    'test',
  ],
]);

/** What editors for models are told to do in a parameter that is called like a command of a shell. */
const EDITOR_COMMANDS: ReadonlySet<string> = new Set([
  ...['view', 'create', 'str_replace', 'insert', 'undo_edit', 'delete', 'rename', 'write', 'append'],
]);

const VERBS: readonly (readonly [verb: Verb, words: readonly string[]])[] = [
  ['copy', ['copy', 'cp', 'duplicate']],
  ['move', ['move', 'mv', 'rename']],
  ['link', ['symlink', 'link', 'ln', 'hardlink']],
  ['modes', ['chmod', 'chown', 'chgrp', 'permission', 'permissions']],
  ['make', ['mkdir', 'mkdirs', 'makedirs', 'mkdirp']],
];
/** Action types that leave it to the name of the tool what is done. */
const SAYING_NOTHING: ReadonlySet<string> = new Set([
  '',
  'tool',
  'function',
  'mcp',
  'file',
  'fs',
  'filesystem',
]);
const FOLDER_WORDS: readonly string[] = ['dir', 'directory', 'folder', 'directories', 'folders', 'dirs'];

/** Reads what an action does to paths; `null` where it is none that could be undone by putting files back. */
export function fileActionOf(intent: ActionIntent, given: readonly Argument[]): FileAction | null {
  const family = familyOf(intent.actionType, intent.toolName);
  const editor = given.find(isEditorCommand);
  const words = editor === undefined ? wordsOf(intent) : editor.text.split('_');
  const [first = ''] = words;
  if (isReadingBy(words, given)) return null;
  const isStated = family?.name === 'file' && family.stated;
  // `send_file` is about a file, and sends it.
  if (!isStated && ELSEWHERE.has(first)) return null;
  if (family?.name !== 'file') {
    if (family?.stated && family.name !== 'http') return null;
    if (family?.name === 'http' && !['download', 'save', 'write'].includes(first)) return null;
    if (given.some((argument) => argument !== editor && isCommand(argument))) return null;
  }
  const expands = !WRITING.has(first);
  const isSure = isStated || words.some((word) => CHANGING.has(word) || WRITING.has(word));
  const found = VERBS.find(([, names]) => names.some((name) => words.includes(name)));
  // `unlink` is a word of its own, and `remove_link` removes.
  if (found !== undefined && (found[0] !== 'link' || !removes(words)))
    return { verb: found[0], expands, isSure: true };
  const makesFolder = ['make', 'create'].includes(first) && words.some((word) => FOLDER_WORDS.includes(word));
  return { verb: makesFolder ? 'make' : 'change', expands, isSure };
}

/** Whether an action is about files and, by its name, only reads them. */
export function onlyReadsFiles(intent: ActionIntent, given: readonly Argument[]): boolean {
  const family = familyOf(intent.actionType, intent.toolName);
  if (family?.stated && family.name !== 'file') return false;
  if (!given.some(({ kind }) => kind === 'path') || given.some(isCommand)) return false;
  return isReadingBy(wordsOf(intent), given);
}

function isReadingBy(words: readonly string[], given: readonly Argument[]): boolean {
  const [first = '', second = ''] = words;
  const isReading =
    READING.has(first) ||
    READING_AT_LAST.has(words.at(-1) ?? '') ||
    (first === 'git' && READING_GIT.has(second));
  return isReading && !words.some((word) => CHANGING.has(word)) && !given.some(isOutput);
}

/** `summarize(path, output_path)` reads one file and writes another. */
function isOutput({ name, kind }: Argument): boolean {
  return (
    kind === 'path' &&
    snakeCase(name)
      .split('_')
      .some((word) => OUTPUTS.has(word))
  );
}

function isCommand({ kind }: Argument): boolean {
  return kind === 'shell' || kind === 'sql';
}

function removes(words: readonly string[]): boolean {
  return ['remove', 'delete', 'rm'].some((word) => words.includes(word));
}

function isEditorCommand({ name, text }: Argument): boolean {
  return name === 'command' && EDITOR_COMMANDS.has(text);
}

/** Words of the last part of the action type; of the tool's name where that part says nothing. */
function wordsOf({ actionType, toolName }: ActionIntent): string[] {
  const last = lastPart(actionType);
  return snakeCase(toolName !== '' && SAYING_NOTHING.has(last) ? lastPart(toolName) : last)
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

function lastPart(name: string): string {
  return name.split(/\.|:|\/|__/).at(-1) ?? '';
}
