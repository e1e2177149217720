/** Values by name, e.g. `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A text with its `${VAR}` replaced. */
export interface Substituted {
  readonly text: string;
  /** True when a `${…}` was replaced, also by its default. */
  readonly changed: boolean;
  /** Names that are not set and have no default, each with its offset in the text before. */
  readonly missing: readonly { readonly name: string; readonly offset: number }[];
}

const REFERENCE = /(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/**
 * Replaces `${NAME}` and `${NAME:-default}`; the default also stands for a variable that is set but empty, as in a
 * shell. `$${NAME}` is a literal `${NAME}`, and whatever is no name (`a${2}`) stays as it is. What is put in is not
 * looked at again.
 */
export function substitute(text: string, environment: Environment): Substituted {
  if (!text.includes('${')) return { text, changed: false, missing: [] };
  const missing: { name: string; offset: number }[] = [];
  let changed = false;
  const replaced = text.replace(REFERENCE, (whole, escaped: string, name: string, ...rest: unknown[]) => {
    if (escaped !== '') return whole.slice(1);
    const fallback = rest[0] as string | undefined;
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    changed = true;
    if (fallback !== undefined) return value === undefined || value === '' ? fallback : value;
    if (value === undefined) missing.push({ name, offset: rest[1] as number });
    return value ?? '';
  });
  return { text: replaced, changed, missing };
}
