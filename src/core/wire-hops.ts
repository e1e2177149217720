import { camelCase, snakeCase } from './wire-names.ts';
import { isoTime } from './wire-time.ts';

/** A time as ISO 8601 in UTC; anything else as it is. */
export function wireDate(value: unknown): unknown {
  if (!(value instanceof Date)) return value;
  const time = value.getTime();
  return Number.isNaN(time) ? value : isoTime(time);
}

/** Only the text that such a time has itself is read as one: whatever else stood there has its own text again. */
export function timeOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const time = new Date(value);
  return !Number.isNaN(time.getTime()) && time.toISOString() === value ? time : value;
}

/** A hop of a delegation chain in the words of the wire; anything else as it is. */
export function hopToWire(hop: unknown): unknown {
  if (typeof hop !== 'object' || hop === null || Array.isArray(hop)) return hop;
  return Object.fromEntries(
    Object.entries(hop).map(([key, value]) => [hopKeys(key, snakeCase), wireDate(value)]),
  );
}

/** The hop of what was written. */
export function hopFromWire(wire: unknown): unknown {
  if (typeof wire !== 'object' || wire === null || Array.isArray(wire)) return wire;
  return Object.freeze(
    Object.fromEntries(
      Object.entries(wire).map(([key, value]) => [
        hopKeys(key, camelCase),
        key === 'timestamp' ? timeOf(value) : value,
      ]),
    ),
  );
}

/** A caller's chain may hold anything; only the two words of the guard's that change their form are renamed. */
function hopKeys(key: string, rename: (key: string) => string): string {
  const known = ['agentId', 'trustLevel', 'agent_id', 'trust_level'].includes(key);
  return known ? rename(key) : key;
}
