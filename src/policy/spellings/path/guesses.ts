import type { FileFacts } from '../../../core/file-facts.ts';
import { decodings } from './decoding.ts';
import { filtered, folded, withoutDrive, withoutScheme } from './folding.ts';
import { guessedHome, homePathOf } from './home.ts';
import { absoluteNames, fromRoot, lexical, placesOf, relativeName } from './places.ts';
import { joined, segmentsOf } from './segments.ts';

/** So many steps up are taken for an attempt to reach the root. */
const FAR = 3;
const PROCESS = '/proc/(?:self|thread-self|\\d+)(?:/task/\\d+)?';
const PROCESS_ROOT = new RegExp(`^(?:${PROCESS}/root)+(?=/|$)`);
const PROCESS_FOLDER = new RegExp(`^${PROCESS}/cwd(?=/|$)`);
const PROCESS_FILES = new RegExp(`^${PROCESS}/fd/`);

/** The texts that a path may be for one who decodes, folds or filters it. They are not normalised yet. */
export function guessesOf(text: string): ReadonlySet<string> {
  const guesses = new Set<string>([text]);
  for (const layer of [text, ...decodings(text)]) {
    guesses.add(layer);
    addFolded(folded(layer), guesses);
    const end = layer.indexOf('\0');
    if (end !== -1) addFolded(folded(layer.slice(0, end)), guesses);
  }
  return guesses;
}

/** Adds what a guess may name: the normalised text, the places where it leads, and what lies behind `/proc`. */
export function addReadings(guess: string, files: FileFacts, forms: Set<string>): void {
  let path: string | undefined = atHome(guess, files);
  // A path through /proc may lead to another one, but no honest one does so often.
  for (let turn = 0; turn < 3 && path !== undefined; turn++) {
    const parts = segmentsOf(path, files.windows);
    const text = joined(parts);
    forms.add(text);
    // A tool may set out from another folder than this process; who climbs far wants to reach the root from any.
    const isFar = parts.climbs >= FAR || files.cwd === null;
    if (parts.root === '' && parts.climbs > 0 && isFar) forms.add(`/${parts.names.join('/')}`);
    addPlaces(path, files, forms);
    path = behindProcess(path, files) ?? behindProcess(text, files);
  }
}

function addFolded(path: string, guesses: Set<string>): void {
  const bare = withoutScheme(path);
  const plain = withoutDrive(path);
  guesses.add(path).add(bare).add(plain).add(filtered(plain));
}

function addPlaces(path: string, files: FileFacts, forms: Set<string>): void {
  const whole = fromRoot(path, files);
  if (whole === null) return;
  forms.add(lexical(whole, files));
  for (const place of placesOf(path, files)) {
    const names = absoluteNames(place, files);
    for (const name of names) forms.add(name);
    const relative = relativeName(names, files);
    if (relative !== null) forms.add(relative);
  }
}

function atHome(path: string, files: FileFacts): string {
  const found = homePathOf(path, files);
  return found === undefined ? path : (guessedHome(found.home, files) ?? found.home) + found.rest;
}

/** Where a path through the folder of a process leads by its text; `undefined` for any other path. */
function behindProcess(path: string, files: FileFacts): string | undefined {
  if (path.startsWith('/dev/fd/')) return `/proc/self/fd/${path.slice('/dev/fd/'.length)}`;
  if (!path.startsWith('/proc/')) return undefined;
  if (PROCESS_ROOT.test(path)) return path.replace(PROCESS_ROOT, '') || '/';
  if (PROCESS_FOLDER.test(path)) return path.replace(PROCESS_FOLDER, files.cwd ?? '.');
  return PROCESS_FILES.test(path) ? path.replace(PROCESS_FILES, '/dev/fd/') : undefined;
}
