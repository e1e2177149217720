/** What an argument is: `text` is opted out of any reading, the others name something that will be touched. */
export type ArgumentKind = 'path' | 'url' | 'shell' | 'sql' | 'text';

/** Kinds by parameter name, as an author declared them. */
export type ArgumentKinds = Readonly<Record<string, ArgumentKind>>;

/** Well-known parameter names. Declarations come before this table, and the look of the value after it. */
const KIND_BY_NAME: Readonly<Record<string, ArgumentKind>> = Object.freeze({
  path: 'path',
  paths: 'path',
  file: 'path',
  file_path: 'path',
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
  command: 'shell',
  cmd: 'shell',
  script: 'shell',
  url: 'url',
  uri: 'url',
  endpoint: 'url',
  sql: 'sql',
  query: 'sql',
  content: 'text',
  contents: 'text',
  body: 'text',
  message: 'text',
  subject: 'text',
  prompt: 'text',
  diff: 'text',
  description: 'text',
  text: 'text',
});

/** `filePath` and `file-path` read as `file_path`. */
function snakeCase(name: string): string {
  if (!/[^a-z0-9_]/.test(name)) return name;
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
}

function kindByValue(value: string): ArgumentKind | undefined {
  // Every look below has a slash in it, or is this one.
  if (!value.includes('/') && !value.includes('\\') && value !== '..') return undefined;
  if (/^(?:\/|~\/|\.\.?\/)/.test(value) || /(?:^|[\\/])\.\.(?:[\\/]|$)/.test(value)) return 'path';
  if (/^[a-zA-Z]:[\\/]/.test(value)) return 'path';
  return /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\//.test(value) ? 'url' : undefined;
}

/** The kind of one string argument: declared, else by its parameter's name, else by how the value begins. */
export function kindOfArgument(
  name: string,
  value: string,
  declared?: ArgumentKinds,
): ArgumentKind | undefined {
  if (declared !== undefined && Object.hasOwn(declared, name)) return declared[name];
  const known = Object.hasOwn(KIND_BY_NAME, name) ? name : snakeCase(name);
  if (Object.hasOwn(KIND_BY_NAME, known)) return KIND_BY_NAME[known];
  return kindByValue(value);
}
