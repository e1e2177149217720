import type { AuditEntry } from './entry.ts';
import { hopFromWire } from './wire-hops.ts';
import { camelCase } from './wire-names.ts';
import { resultFromWire } from './wire-results.ts';

/** An entry from its JSON: the inverse of `entryToWire`, for data of the right shape. */
export function entryOfWire(wire: Readonly<Record<string, unknown>>): AuditEntry {
  const fields = Object.entries(wire).map(([name, value]) => [camelCase(name), read(name, value)]);
  return Object.fromEntries(fields) as AuditEntry;
}

function read(name: string, value: unknown): unknown {
  switch (name) {
    case 'timestamp':
      return new Date(String(value));
    case 'evaluator_results':
      return Array.isArray(value) ? value.map(resultFromWire) : value;
    case 'instruction_chain':
      return Array.isArray(value) ? value.map(hopFromWire) : value;
    default:
      return value;
  }
}
