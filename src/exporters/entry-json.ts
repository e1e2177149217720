import type { AuditEntry } from '../core/entry.ts';
import { entryToWire, type WireEntry } from '../core/wire-entry.ts';

/** An entry in wire form, as one line of JSON. Throws for one that cannot be written. */
export function entryJson(entry: AuditEntry): string {
  return wireJson(entryToWire(entry));
}

/** A wire form, or what was made of one, as one line of JSON. */
export function wireJson(wire: WireEntry | Readonly<Record<string, unknown>>): string {
  return JSON.stringify(wire, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
}
