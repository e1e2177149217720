/**
 * The single-quoted form of what stands between double quotes. It keeps a pattern's backslashes; `\\` and `\"` are
 * undone, as their author escaped for YAML.
 */
export function singleQuoted(inner: string): string {
  const raw = inner.replace(/\\([\\"])/g, '$1').replaceAll("'", "''");
  return `'${raw}'`;
}
