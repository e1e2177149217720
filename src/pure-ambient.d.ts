// What the pure layers (core, policy, evaluators) may use beyond the language itself: two
// constructors every JavaScript host has. tsconfig.pure.json loads nothing else, so a clock,
// a file or a network call in a pure layer does not compile.
interface URLSearchParams {
  toString(): string;
}
declare class URL {
  constructor(url: string, base?: string);
  static canParse(url: string, base?: string): boolean;
  readonly href: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly host: string;
  readonly port: string;
  readonly pathname: string;
  readonly searchParams: URLSearchParams;
}
declare class TextEncoder {
  encode(input?: string): Uint8Array;
}
