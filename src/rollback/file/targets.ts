import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Argument } from '../../core/argument.ts';
import { kindOfArgument, snakeCase } from '../../core/argument-kind.ts';
import type { Target } from './capture.ts';
import type { Scope } from './entry.ts';
import { routeOf } from './path-text.ts';
import type { FileAction } from './verb.ts';

/** Parameters that say where an action works, not what it changes. */
const WORK_PLACES: ReadonlySet<string> = new Set([
  ...['cwd', 'workdir', 'work_dir', 'working_dir', 'working_directory', 'root', 'root_dir', 'root_path'],
  ...['base', 'base_dir', 'base_path', 'basedir', 'project_root', 'workspace', 'workspace_root', 'repo_root'],
]);

/** Parameters that say where something goes. */
const DESTINATIONS: ReadonlySet<string> = new Set([
  ...[
    'dest',
    'dst',
    'destination',
    'destination_path',
    'dest_path',
    'to',
    'to_path',
    'target',
    'target_path',
  ],
  ...['new', 'new_path', 'newpath', 'output', 'output_path', 'arg1'],
]);

/** Parameters that may hold a bare new name for what another one holds. */
const NEW_NAMES: ReadonlySet<string> = new Set([
  ...DESTINATIONS,
  'new_name',
  'newname',
  'new_filename',
  'link_name',
]);

const PAIRS: ReadonlySet<string> = new Set(['copy', 'move', 'link']);

/** A path as it was given, and every absolute path that a tool may take it for. */
interface Given {
  readonly name: string;
  readonly text: string;
  readonly paths: readonly string[];
  readonly isGuessed: boolean;
}

/**
 * The paths that an action may change, each with how much of it. A path that a tool may read in several ways is there in
 * all of them: relative to the working directory and to the one that the call names, with `..` taken before links and
 * after them, with `~` as the home folder and as a name.
 */
export function targetsOf(action: FileAction, given: readonly Argument[]): Target[] {
  const isPair = PAIRS.has(action.verb);
  const places = given.filter(isWorkPlace).map(({ text }) => text);
  const paths = given
    .filter((argument) => !isWorkPlace(argument) && isPath(argument, isPair))
    .map((argument) => givenOf(argument, basesOf(places)));
  if (isPair) return pairTargets(action, paths);
  const scope: Scope = action.verb === 'modes' ? 'modes' : action.verb === 'make' ? 'itself' : 'tree';
  // To delete what is in a folder is not to write to it.
  const writesInside = scope === 'tree' && !action.expands;
  return paths.flatMap(({ paths: all, isGuessed }) =>
    all.flatMap((path) =>
      targets(path, scope, action.expands).map((one) => ({ ...one, writesInside, isGuessed })),
    ),
  );
}

function givenOf({ name, text, kind, isSure }: Argument, bases: readonly string[]): Given {
  const isNamed = isSure || kind !== 'path' || name === 'arg0' || kindOfArgument(name, '') === 'path';
  return { name: snakeCase(name), text, paths: readingsOf(text, bases), isGuessed: !isNamed };
}

function isWorkPlace({ name, kind }: Argument): boolean {
  return (kind === 'path' || kind === undefined) && WORK_PLACES.has(snakeCase(name));
}

function isPath({ name, kind, text }: Argument, isPair: boolean): boolean {
  if (kind === 'path') return true;
  if (kind === 'url') return isFileUrl(text);
  return kind === undefined && isPair && NEW_NAMES.has(snakeCase(name));
}

function isFileUrl(text: string): boolean {
  return /^file:/i.test(text);
}

/** The folders that relative paths may be relative to. */
function basesOf(places: readonly string[]): string[] {
  const here = process.cwd();
  return [here, ...places.flatMap((place) => readingsOf(place, [here]))];
}

function readingsOf(text: string, bases: readonly string[]): string[] {
  if (isFileUrl(text)) {
    const path = pathOfUrl(text);
    if (path !== null) return [path];
  }
  const readings = isAbsolute(text) ? [text] : bases.map((base) => `${base}/${text}`);
  const afterHome = /^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/.exec(text);
  if (afterHome !== null) readings.push(homedir() + text.slice(afterHome[0].length));
  // A tool that joins paths takes `..` from the name before it, the system from where that name leads.
  const joinedFirst = readings.filter((path) => /(?:^|[\\/])\.\.(?:[\\/]|$)/.test(path)).map(normalize);
  return [...new Set([...readings, ...joinedFirst])];
}

function pathOfUrl(text: string): string | null {
  try {
    return fileURLToPath(text);
  } catch {
    return null;
  }
}

function targets(path: string, scope: Scope, expands: boolean): Target[] {
  const route = routeOf(path);
  const first = route.names.findIndex((name) => /[*?[{]/.test(name));
  const found: Target[] = [{ route, scope }];
  // The folder in which the names lie that the pattern may stand for.
  if (expands && first >= 0 && !exists(path)) {
    found.push({ route: { root: route.root, names: route.names.slice(0, first) }, scope });
  }
  return found;
}

/** From one path to another: into a folder that is there, the thing goes under its own name. */
function pairTargets({ verb, expands }: FileAction, given: readonly Given[]): Target[] {
  const hasDestination = given.some(({ name }) => DESTINATIONS.has(name));
  const found: Target[] = [];
  for (const one of given) {
    const isDestination = DESTINATIONS.has(one.name);
    const others = given.filter((other) => other !== one).flatMap(({ paths }) => paths);
    // What is copied stays as it is.
    if (verb === 'copy' && hasDestination && !isDestination) continue;
    const isMerged = verb !== 'link' && (!isDestination || others.some(isFolder));
    // `rename('/w/a', 'b')` means `/w/b` to some.
    const isBare = NEW_NAMES.has(one.name) && !/[\\/]/.test(one.text);
    const beside = isBare ? others.map((other) => `${dirname(other)}/${one.text}`) : [];
    for (const path of new Set([...one.paths, ...beside])) {
      const intoFolder = isFolder(path);
      const scope = intoFolder && !isMerged ? 'itself' : 'tree';
      const writesInside = verb === 'copy' && intoFolder;
      found.push(...targets(path, scope, expands).map((one) => ({ ...one, writesInside })));
      if (!intoFolder) continue;
      for (const other of others) found.push({ route: inside(path, other), scope: 'tree', writesInside });
    }
  }
  return found;
}

function inside(folder: string, other: string): Target['route'] {
  const { root, names } = routeOf(folder);
  return { root, names: [...names, ...routeOf(other).names.slice(-1)] };
}

/** Whether a path leads to a folder, also by a link. */
function isFolder(path: string): boolean {
  return look(path)?.isDirectory() === true;
}

function exists(path: string): boolean {
  return look(path) !== undefined;
}

/** What cannot be looked at here is looked at again, and reported, when it is captured. */
function look(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
