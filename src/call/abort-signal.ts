/** The first AbortSignal among the arguments: by itself, or one level down as a member of an options object. */
export function abortSignalOf(args: readonly unknown[]): AbortSignal | undefined {
  for (const arg of args) {
    if (arg instanceof AbortSignal) return arg;
    if (typeof arg !== 'object' || arg === null) continue;
    for (const member of Object.values(arg)) if (member instanceof AbortSignal) return member;
  }
  return undefined;
}
