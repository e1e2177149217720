/** Sections that are read and checked, and that nothing in this version acts on yet; each with what that means. */
const NOT_IN_EFFECT: Readonly<Record<string, string>> = Object.freeze({
  sidecar: 'there is no server to start',
});

/** A section that has no effect yet, by its path, with a sentence about it. */
export interface WithoutEffect {
  readonly path: readonly string[];
  readonly message: string;
}

/** Everything in a file's plain data that has no effect yet, in the order of the file. */
export function withoutEffect(data: unknown): WithoutEffect[] {
  if (typeof data !== 'object' || data === null) return [];
  const found: WithoutEffect[] = [];
  for (const section of Object.keys(data)) {
    const meaning = Object.hasOwn(NOT_IN_EFFECT, section) ? NOT_IN_EFFECT[section] : undefined;
    if (meaning !== undefined) {
      const message = `\`${section}\` is read, and has no effect in this version: ${meaning}.`;
      found.push({ path: [section], message });
    }
  }
  return found;
}

/** The same for a configuration that was loaded, by the dotted keys that it states; in one text, or `null`. */
function withoutEffectNotice(statedKeys: readonly string[]): string | null {
  const data: Record<string, Record<string, true>> = {};
  for (const key of statedKeys) {
    const [section = '', inner] = key.split('.');
    data[section] ??= {};
    if (inner !== undefined) Object.assign(data[section], { [inner]: true });
  }
  const found = withoutEffect(data);
  return found.length === 0 ? null : found.map(({ message }) => message).join(' ');
}

/** Says once, at the start, what a configuration asks for in vain: whoever asked for redaction must not believe in it. */
export function warnWithoutEffect(config: { readonly statedKeys: readonly string[] } | null): void {
  const notice = config === null ? null : withoutEffectNotice(config.statedKeys);
  if (notice === null) return;
  process.emitWarning(notice, { type: 'PlyraGuardWarning', code: 'PLYRA_WITHOUT_EFFECT' });
}
