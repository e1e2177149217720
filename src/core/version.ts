/** The package's version, as in package.json. */
export const GUARD_VERSION = '0.1.0';
