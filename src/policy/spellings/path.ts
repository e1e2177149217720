import type { FileFacts } from '../../core/file-facts.ts';
import type { Forms, Reading } from './forms.ts';
import { addReadings, guessesOf } from './path/guesses.ts';
import { type HomePath, homePathOf } from './path/home.ts';
import { absoluteNames, fromRoot, placesOf, relativeName } from './path/places.ts';
import { below, joined, segmentsOf } from './path/segments.ts';
import { systemText } from './path/windows.ts';

/** Something that another reader might decode, fold or filter. Most paths hold nothing of it. */
const ODD = /[^ -~]|[%\\;:]|^ | $|\.{3}|^\/(?:proc|dev)\//;
/** A name to be worked out: empty, `.` or `..`. */
const UNTIDY = /^$|(?:\/|^(?=\.))\.{0,2}(?:\/|$)/;
/** `.`, and what already begins with `./` or `../`. */
const DOTTED = /^\.\.?(?:\/|$)/;
/** A path that says of itself that it is a folder. */
const FOLDER = /\/\.?$/;

/**
 * Reads a path argument: which file it names, and what else it could be taken for.
 *
 * Canonical forms are names of the real target: from the root, by the usual name first (`/tmp/x` for the real
 * `/private/tmp/x`), and relative inside the working directory, which goes first when the path was given so. A slash
 * at the end, `./` in front and `~` are kept as further canonical forms where they were given. Forms that may only
 * forbid: the text as given, normalised, percent-decoded, folded to plain letters and lower case, cut at NUL, without
 * scheme or drive, behind `/proc`, and at the root for one that climbs. A home that is not known stays `~`.
 *
 * There are two meanings where programs differ on the target: `..` after a link, and a `~` that some take for a name.
 * `value` is the text itself if it already is a name of the target, else the first canonical form of the first
 * meaning. Throws nothing and takes time in proportion to the text.
 */
export function readPath(text: string, files: FileFacts): Reading {
  const path = systemText(text, files);
  const isPlain = !ODD.test(text) && !UNTIDY.test(path) && homePathOf(path, files) === undefined;
  return isPlain ? readPlain(path, text, files) : readSlowly(path, text, remembering(files));
}

/** Nearly every path: nothing to work out, nothing to guess. */
function readPlain(path: string, text: string, files: FileFacts): Reading {
  const names = placeNames(path, files)[0] ?? [path];
  const forms = new Set([text, fromRoot(path, files) ?? path]);
  return {
    meanings: [formsOf(names, forms, files)],
    values: [names.includes(text) ? text : (names[0] ?? text)],
  };
}

function readSlowly(path: string, text: string, files: FileFacts): Reading {
  const home = homePathOf(path, files);
  const canonical = home === undefined ? placeNames(path, files) : homeNames(path, home, files);
  const forms = new Set<string>([text]);
  for (const guess of guessesOf(text)) addReadings(guess, files, forms);
  return {
    meanings: canonical.map((names) => formsOf(withGiven(names, path, home, files), forms, files)),
    values: canonical.map((names) =>
      names.includes(text) || isNamedFolder(names, text) ? text : (names[0] ?? text),
    ),
  };
}

/** The same facts, each asked for once: readings of one text share most of their paths, and should see one moment. */
function remembering(files: FileFacts): FileFacts {
  const { cwd, home, foldsCase, windows, aliases } = files;
  const known = new Map<string, string | null>();
  return {
    cwd,
    home,
    foldsCase,
    windows,
    aliases,
    realPath: (path) => {
      let real = known.get(path);
      if (real === undefined) {
        real = files.realPath(path);
        known.set(path, real);
      }
      return real;
    },
  };
}

/** The names of every place where the path may lead, a list each. */
function placeNames(path: string, files: FileFacts): readonly (readonly string[])[] {
  return placesOf(path, files).map((place) => namesOf(place, path, files));
}

function namesOf(place: string, path: string, files: FileFacts): readonly string[] {
  const whole = fromRoot(place, files) === place;
  if (!whole) return [withoutHome(place, files)];
  const names = absoluteNames(place, files);
  const relative = relativeName(names, files);
  if (relative === null) return names;
  const plain = withoutHome(relative, files);
  return fromRoot(path, files) === path ? [...names, plain] : [plain, ...names];
}

/** A name in the working directory that would be read as a home gets `./` in front, so that it is none. */
function withoutHome(relative: string, files: FileFacts): string {
  return homePathOf(relative, files) === undefined ? relative : `./${relative}`;
}

/**
 * A path that begins with a home leads into that home. A tool that takes `~` for a name goes into a folder of that
 * name: that is a meaning of its own only if the path leaves that folder again, by `..` or by a link.
 */
function homeNames(path: string, { home, rest }: HomePath, files: FileFacts): readonly (readonly string[])[] {
  const isKnown = !home.startsWith('~');
  const inHome = segmentsOf(`.${rest}`);
  const written = inHome.names.length + inHome.climbs === 0 ? home : `${home}/${joined(inHome)}`;
  const names = isKnown ? placeNames(home + rest, files) : [[written]];
  const start = path.slice(0, path.length - rest.length);
  const astray = placesOf(`./${path}`, files).filter((place) => {
    const name = relativeName(absoluteNames(place, files), files) ?? place;
    return below(name, start, files.foldsCase) === null && !names.some((known) => known.includes(place));
  });
  return [...names, ...astray.map((place) => namesOf(place, path, files))];
}

/** The names, and the ways of writing them that were given: a slash at the end, `./` or `~` in front. */
function withGiven(
  names: readonly string[],
  path: string,
  home: HomePath | undefined,
  files: FileFacts,
): readonly string[] {
  const given = [...names];
  if (path.startsWith('./')) {
    const relative = names.find((name) => fromRoot(name, files) !== name && !DOTTED.test(name));
    if (relative !== undefined) given.push(`./${relative}`);
  }
  const atHome = home === undefined ? undefined : homeName(names, files);
  if (atHome !== undefined) given.push(atHome);
  if (FOLDER.test(path)) for (const name of [...given]) if (!name.endsWith('/')) given.push(`${name}/`);
  return given;
}

/** The place as `~/x` when it lies in the home. */
function homeName(names: readonly string[], files: FileFacts): string | undefined {
  const { home } = files;
  if (home === null || home === '/') return undefined;
  for (const name of names) {
    const rest = below(name, home, files.foldsCase);
    if (rest !== null) return `~${rest}`;
  }
  return undefined;
}

function isNamedFolder(names: readonly string[], text: string): boolean {
  return text.endsWith('/') && text !== '//' && names.includes(text.slice(0, -1));
}

function formsOf(given: readonly string[], forms: ReadonlySet<string>, files: FileFacts): Forms {
  const canonical = new Set(given);
  if (files.foldsCase) for (const name of given) canonical.add(name.toLowerCase());
  const other = new Set<string>();
  const atHome = homeName(given, files);
  const all = [...given, ...forms, ...(atHome === undefined ? [] : [atHome])];
  for (const form of [...all, ...all.map((one) => one.toLowerCase())]) {
    if (!canonical.has(form)) other.add(form);
  }
  return { canonical: [...canonical], other: [...other] };
}
