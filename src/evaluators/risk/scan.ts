import { mapEntries, setItems, urlText } from '../../core/object-kind.ts';
import { isPlainObject } from '../../core/private-copy.ts';
import { AMOUNT_WORDS, REACH_FLAGS, SENSITIVE_NAMES } from './tables.ts';
import type { TextRisk } from './text-risk.ts';
import { wordsOf } from './words.ts';

/** How much of a call's arguments is read; what lies beyond counts as {@link UNREAD}. */
export const SCAN_LIMITS = Object.freeze({ values: 500, depth: 20, charsPerText: 4096, chars: 16_384 });

/** Signal of arguments too large to be read whole: neither harmless nor alarming. */
export const UNREAD = 0.3;

/** What the arguments of one call say. Both 0–1. */
export interface ArgumentRisk {
  readonly sensitivity: number;
  readonly blast: number;
}

interface Scan extends ArgumentRisk {
  sensitivity: number;
  blast: number;
  values: number;
  chars: number;
  readonly names: NameTraits;
  readonly texts: TextRisk;
}

interface Traits {
  readonly sensitivity: number;
  readonly amount: boolean;
  readonly reach: boolean;
}

const NO_TRAITS: Traits = Object.freeze({ sensitivity: 0, amount: false, reach: false });

/** What parameter names mean, remembered: tools use the same few names again and again. Holds at most 2,000. */
export class NameTraits {
  readonly #known = new Map<string, Traits>();

  of(name: string): Traits {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const traits = traitsOf(name);
    if (this.#known.size < 2000 && name.length <= 100) this.#known.set(name, traits);
    return traits;
  }
}

function traitsOf(name: string): Traits {
  const words = wordsOf(name, 100);
  const joined = words.join('');
  let sensitivity = 0;
  for (const part of Object.keys(SENSITIVE_NAMES)) {
    if (joined.includes(part)) sensitivity = Math.max(sensitivity, SENSITIVE_NAMES[part] ?? 0);
  }
  const amount = words.some((word) => AMOUNT_WORDS.includes(word));
  const reach = words.some((word) => REACH_FLAGS.includes(word));
  return sensitivity === 0 && !amount && !reach ? NO_TRAITS : { sensitivity, amount, reach };
}

/** Reads the arguments within {@link SCAN_LIMITS}. Arguments that cannot be read count as the worst; never throws. */
export function scanArguments(parameters: unknown, names: NameTraits, texts: TextRisk): ArgumentRisk {
  const scan: Scan = { sensitivity: 0, blast: 0, values: 0, chars: 0, names, texts };
  try {
    scanValue(parameters, NO_TRAITS, 0, scan);
  } catch {
    scan.sensitivity = 1;
    scan.blast = 1;
  }
  return scan;
}

function scanValue(value: unknown, traits: Traits, depth: number, scan: Scan): void {
  if (++scan.values > SCAN_LIMITS.values) {
    unread(scan);
    return;
  }
  if (typeof value === 'string') {
    scanText(value, traits, scan);
    return;
  }
  if (typeof value === 'number' || typeof value === 'bigint') {
    if (traits.amount) scan.blast = Math.max(scan.blast, amountScore(Number(value)));
    return;
  }
  if (typeof value === 'boolean') {
    if (value && traits.reach) scan.blast = Math.max(scan.blast, 0.8);
    return;
  }
  if (typeof value === 'object' && value !== null) scanObject(value, traits, depth, scan);
}

function scanObject(value: object, traits: Traits, depth: number, scan: Scan): void {
  if (depth >= SCAN_LIMITS.depth) {
    unread(scan);
    return;
  }
  if (Array.isArray(value)) {
    scanList(value, traits, depth, scan);
  } else if (isPlainObject(value)) {
    for (const key in value) {
      if (isFull(scan)) break;
      if (!Object.hasOwn(value, key)) continue;
      scanValue(value[key], scanName(key, traits, scan), depth + 1, scan);
    }
  } else scanSpecial(value, traits, depth, scan);
}

function scanList(list: readonly unknown[], traits: Traits, depth: number, scan: Scan): void {
  scan.blast = Math.max(scan.blast, amountScore(list.length));
  for (let i = 0; i < list.length && !isFull(scan); i++) scanValue(list[i], traits, depth + 1, scan);
}

/** Only what was copied is read: an opaque value may show the tool something else. */
function scanSpecial(value: object, traits: Traits, depth: number, scan: Scan): void {
  for (const [key, item] of mapEntries(value) ?? []) {
    if (isFull(scan)) return;
    scanValue(item, typeof key === 'string' ? scanName(key, traits, scan) : traits, depth + 1, scan);
  }
  const items = setItems(value);
  if (items !== undefined) scanList(items, traits, depth, scan);
  const url = urlText(value);
  if (url !== undefined) scanText(url, traits, scan);
}

/** A value under a sensitive name is sensitive however deep it lies. */
function scanName(name: string, outer: Traits, scan: Scan): Traits {
  scan.chars += Math.min(name.length, 100);
  const own = scan.names.of(name);
  return outer.sensitivity > own.sensitivity ? { ...own, sensitivity: outer.sensitivity } : own;
}

function scanText(text: string, traits: Traits, scan: Scan): void {
  if (text === '') return;
  const room = Math.min(SCAN_LIMITS.charsPerText, SCAN_LIMITS.chars - scan.chars);
  if (room <= 0) {
    unread(scan);
    return;
  }
  let read = text;
  if (text.length > room) {
    unread(scan);
    read = text.slice(0, room);
  }
  scan.chars += read.length;
  if (traits.sensitivity > scan.sensitivity) scan.sensitivity = traits.sensitivity;
  scan.texts.read(read, scan);
}

/** 1 thing: 0; 10: 0.25; 100: 0.5; 10,000 and more: 1. A number that is no amount counts as the worst. */
function amountScore(amount: number): number {
  if (Number.isNaN(amount)) return 1;
  return amount <= 1 ? 0 : Math.min(1, Math.log10(amount) / 4);
}

function isFull(scan: Scan): boolean {
  if (scan.values < SCAN_LIMITS.values && scan.chars < SCAN_LIMITS.chars) return false;
  unread(scan);
  return true;
}

function unread(scan: Scan): void {
  scan.sensitivity = Math.max(scan.sensitivity, UNREAD);
  scan.blast = Math.max(scan.blast, UNREAD);
}
