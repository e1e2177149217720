/** What an argument is: `text` is opted out of any reading, the others name something that will be touched. */
export type ArgumentKind = 'path' | 'url' | 'shell' | 'sql' | 'text';

/** All kinds. */
export const ARGUMENT_KINDS: readonly ArgumentKind[] = Object.freeze(['path', 'url', 'shell', 'sql', 'text']);

/** True for the word of a kind. */
export function isArgumentKind(value: unknown): value is ArgumentKind {
  return ARGUMENT_KINDS.includes(value as ArgumentKind);
}

/** Kinds by parameter name, as an author declared them. */
export type ArgumentKinds = Readonly<Record<string, ArgumentKind>>;

/** What a family of tools works on. */
export interface ToolFamily {
  readonly name: FamilyName;
  /** True where the action type says so (`shell.run`), false where the tool's name does (`tool.run_command`). */
  readonly stated: boolean;
}

type FamilyName = 'shell' | 'file' | 'db' | 'http';

/** First words of action types. */
export const FAMILY_BY_TYPE: ReadonlyMap<string, FamilyName> = new Map<string, FamilyName>([
  ['shell', 'shell'],
  ['bash', 'shell'],
  ['terminal', 'shell'],
  ['file', 'file'],
  ['fs', 'file'],
  ['filesystem', 'file'],
  ['db', 'db'],
  ['sql', 'db'],
  ['database', 'db'],
  ['postgres', 'db'],
  ['mysql', 'db'],
  ['sqlite', 'db'],
  ['http', 'http'],
  ['https', 'http'],
  ['web', 'http'],
]);

/** Words in the names of tools, for action types that tell no more (`tool.run_command`). The first in this table decides. */
export const FAMILY_BY_WORD: readonly (readonly [word: string, family: FamilyName])[] = Object.freeze([
  ['sql', 'db'],
  ['database', 'db'],
  ['shell', 'shell'],
  ['bash', 'shell'],
  ['sh', 'shell'],
  ['terminal', 'shell'],
  ['powershell', 'shell'],
  ['command', 'shell'],
  ['cmd', 'shell'],
  ['exec', 'shell'],
  ['file', 'file'],
  ['files', 'file'],
  ['directory', 'file'],
  ['folder', 'file'],
  ['http', 'http'],
  ['url', 'http'],
  ['fetch', 'http'],
] as const);

const LANGUAGES: ReadonlySet<string> = new Set([
  'python',
  'node',
  'js',
  'javascript',
  'typescript',
  'ruby',
  'php',
  'perl',
]);

/** What a family's own parameters are, before the table of names is asked. */
export const KIND_IN_FAMILY: Readonly<Record<FamilyName, Readonly<Record<string, ArgumentKind>>>> =
  Object.freeze({
    shell: Object.freeze({ line: 'shell', args: 'shell', argv: 'shell' }),
    file: Object.freeze({}),
    db: Object.freeze({ query: 'sql', q: 'sql', statement: 'sql', statements: 'sql' }),
    http: Object.freeze({}),
  });

/** The same where the action type states the family (`shell.run`), beside those above. */
export const KIND_IN_STATED_FAMILY: typeof KIND_IN_FAMILY = Object.freeze({
  shell: Object.freeze({ input: 'shell', code: 'shell', text: 'shell', content: 'shell', body: 'shell' }),
  file: Object.freeze({ name: 'path', target: 'path', from: 'path', to: 'path', old: 'path', new: 'path' }),
  db: Object.freeze({}),
  http: Object.freeze({ host: 'url', hostname: 'url', address: 'url', target: 'url', link: 'url' }),
});

/** What the first positional argument is in a family; in `shell.*` any unknown one is that too. */
const KIND_OF_FAMILY: Readonly<Record<FamilyName, ArgumentKind>> = Object.freeze({
  shell: 'shell',
  file: 'path',
  db: 'sql',
  http: 'url',
});

/** Well-known parameter names. Declarations and families come before this table, and the look of the value after it. */
export const KIND_BY_NAME: Readonly<Record<string, ArgumentKind>> = Object.freeze({
  path: 'path',
  paths: 'path',
  file: 'path',
  files: 'path',
  file_path: 'path',
  file_paths: 'path',
  filepath: 'path',
  filename: 'path',
  file_name: 'path',
  dest: 'path',
  destination: 'path',
  src: 'path',
  source: 'path',
  dir: 'path',
  directory: 'path',
  folder: 'path',
  cwd: 'path',
  workdir: 'path',
  working_directory: 'path',
  old_path: 'path',
  new_path: 'path',
  notebook_path: 'path',
  command: 'shell',
  commands: 'shell',
  cmd: 'shell',
  cmds: 'shell',
  scripts: 'shell',
  script: 'shell',
  shell_command: 'shell',
  url: 'url',
  urls: 'url',
  uri: 'url',
  endpoint: 'url',
  base_url: 'url',
  webhook_url: 'url',
  sql: 'sql',
  sql_query: 'sql',
  content: 'text',
  contents: 'text',
  body: 'text',
  message: 'text',
  subject: 'text',
  prompt: 'text',
  diff: 'text',
  patch: 'text',
  description: 'text',
  text: 'text',
  comment: 'text',
  title: 'text',
  summary: 'text',
  old_string: 'text',
  new_string: 'text',
});

const STATED_FAMILIES: ReadonlyMap<string, ToolFamily> = new Map(
  [...FAMILY_BY_TYPE].map(([type, name]) => [type, Object.freeze({ name, stated: true })]),
);

/** `filePath` and `file-path` read as `file_path`. */
export function snakeCase(name: string): string {
  if (!/[^a-z0-9_]/.test(name)) return name;
  return name
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
}

/**
 * The family of tools that an action type belongs to: `shell.run`, `file.write`, `tool.run_command`. Where it says no more
 * than `tool`, the tool's name does.
 */
export function familyOf(actionType: string, toolName = ''): ToolFamily | null {
  const dot = actionType.indexOf('.');
  const type = dot < 0 ? actionType : actionType.slice(0, dot);
  if (type !== 'tool') return STATED_FAMILIES.get(type) ?? STATED_FAMILIES.get(type.toLowerCase()) ?? null;
  const words = snakeCase(`${actionType.slice(dot + 1)}_${toolName}`).split(/[^a-z0-9]+/);
  // `exec_python` is given code, but none of a shell.
  if (words.some((word) => LANGUAGES.has(word))) return null;
  const found = FAMILY_BY_WORD.find(([word]) => words.includes(word));
  return found === undefined ? null : { name: found[1], stated: false };
}

/** `http:x` is a URL to those who fetch it, and so is one behind white space. */
const URL_LOOK = /^[\0-\x20]*(?:[a-zA-Z][a-zA-Z0-9+.-]*:\/\/|(?:https?|wss?|ftp|file):|\/\/[\w[])/i;
const PATH_LOOK = /^[\0-\x20]*(?:\/|\\|~\/|~$|\.\.?\/|\$HOME\b|\$\{HOME\}|%2f|[a-zA-Z]:[\\/])/i;

function kindByValue(value: string): ArgumentKind | undefined {
  // Every look has one of these in it.
  if (!/[/\\:~$%]|\.\./.test(value)) return undefined;
  if (PATH_LOOK.test(value) && !/^[\0-\x20]*\/\/[\w[]/.test(value)) return 'path';
  if (value.includes('..') && /(?:^|[\\/])\.\.(?:[\\/]|$)/.test(value)) return 'path';
  // Looking at the beginning alone costs more than finding out that there is no colon.
  if (!value.includes(':') && !value.includes('//')) return undefined;
  if (!URL_LOOK.test(value)) return undefined;
  return value.trimStart().startsWith('//') ? 'path' : 'url';
}

/** True for the names of parameters that hold a command, whatever else a call has. */
export function isCommandName(name: string): boolean {
  return COMMAND_NAMES.has(snakeCase(name));
}

const COMMAND_NAMES: ReadonlySet<string> = new Set(['command', 'commands', 'cmd', 'cmds', 'shell_command']);

/**
 * The kind of one string argument: declared, else by the tool's family, else by its parameter's name, else by how the
 * value begins; `undefined` where none of these tells.
 */
export function kindOfArgument(
  name: string,
  value: string,
  declared?: ArgumentKinds,
  family: ToolFamily | null = null,
): ArgumentKind | undefined {
  if (declared !== undefined && Object.hasOwn(declared, name)) return declared[name];
  const known = Object.hasOwn(KIND_BY_NAME, name) ? name : snakeCase(name);
  if (family !== null) {
    // The first position is what a tool is about: `write(path, content)`, `query(sql, ...values)`.
    if (name === 'arg0')
      return family.name === 'db' && !/\s/.test(value) ? undefined : KIND_OF_FAMILY[family.name];
    const stated = KIND_IN_STATED_FAMILY[family.name];
    if (family.stated && Object.hasOwn(stated, known)) return stated[known];
    const inFamily = KIND_IN_FAMILY[family.name];
    if (Object.hasOwn(inFamily, known)) return inFamily[known];
  }
  if (Object.hasOwn(KIND_BY_NAME, known)) return KIND_BY_NAME[known];
  if (family?.name === 'shell' && family.stated && !/^arg\d+$/.test(name)) return 'shell';
  return kindByValue(value);
}

/**
 * Whether an argument that cannot be read as its kind is one all the same: it was declared, or its action type or its
 * name leaves no doubt. `script`, or `query` of a tool for a database, may be prose or another language.
 */
export function isSureOfKind(
  name: string,
  declared?: ArgumentKinds,
  family: ToolFamily | null = null,
): boolean {
  if (declared !== undefined && Object.hasOwn(declared, name)) return true;
  if (family?.stated === true || isCommandName(name)) return true;
  const known = snakeCase(name);
  if (known === 'sql' || known === 'sql_query') return true;
  return name === 'arg0' && family?.name === 'shell';
}
