import { canonicalJson } from '../canonical.ts';
import { isPlainObject } from '../private-copy.ts';

/** How deep and how large data may be; what is beyond is not looked at, and taken for a secret as a whole. */
export const DATA_LIMITS = Object.freeze({ depth: 500, values: 2_000_000 });

/** Most bytes of binary data that are read as a text; more are taken for a secret as a whole. */
const MAX_BYTES = 65_536;

/**
 * An object or a list of plain JSON as it is; anything else (a Date, a Map, binary data) in its tagged JSON form.
 */
export function asPlainData(value: object): readonly unknown[] | Readonly<Record<string, unknown>> {
  if (isPlain(value)) return value as Readonly<Record<string, unknown>>;
  return JSON.parse(canonicalJson(value)) as Readonly<Record<string, unknown>>;
}

/** A proxy that was revoked since it was copied by reference refuses even to be asked; it is no data. */
function isPlain(value: object): boolean {
  try {
    return Array.isArray(value) || isPlainObject(value);
  } catch {
    return false;
  }
}

/** The hexadecimal digits of binary data in its tagged form; `undefined` for all else. */
export function hexOfBytes(members: Readonly<Record<string, unknown>>): string | undefined {
  const hex = members.$bytes;
  return typeof hex === 'string' && Object.hasOwn(members, '$bytes') && /^[0-9a-f]*$/.test(hex)
    ? hex
    : undefined;
}

/** Binary data as a text, a character for each byte; `undefined` if it is too much to be read. */
export function textOfHex(hex: string): string | undefined {
  if (hex.length > 2 * MAX_BYTES) return undefined;
  const codes: number[] = [];
  for (let i = 0; i < hex.length; i += 2) codes.push(Number.parseInt(hex.slice(i, i + 2), 16));
  let text = '';
  for (let i = 0; i < codes.length; i += 4096) text += String.fromCharCode(...codes.slice(i, i + 4096));
  return text;
}
