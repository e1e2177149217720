/** Most bytes that a file may have. */
export const MAX_BYTES = 5 * 1024 * 1024;
/** Deepest nesting of mappings and lists. */
export const MAX_DEPTH = 100;
/** Most `*aliases` in one file. */
export const MAX_ALIASES = 100;
/** Most values that all aliases of a file together may stand for: aliases of aliases multiply. */
export const MAX_ALIASED_VALUES = 10_000;
/** Most rules, and most policies, of one file. */
export const MAX_RULES = 20_000;
/** Most tokens (words, marks, white space) of one file; 20,000 rules of five lines have about 800,000. */
export const MAX_TOKENS = 1_500_000;
