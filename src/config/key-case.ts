/** Below these keys the author chooses the names: they are left as they are. */
const NAMES_BELOW: ReadonlySet<string> = new Set(['per_tool', 'per_agent', 'tools']);

/** `max_risk_score` → `maxRiskScore`. */
export function camelKey(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** `maxRiskScore` → `max_risk_score`; a key that is in snake case already stays. */
export function snakeKey(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Whether the keys below this one are names that the author chose. */
export function holdsNames(key: string): boolean {
  return NAMES_BELOW.has(key);
}

/** The same value with keys in camel case all the way down, names of tools and agents excepted. */
export function camelKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [camelKey(key), holdsNames(key) ? part : camelKeys(part)]),
  );
}
