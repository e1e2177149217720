/**
 * A constant that is made when it is first asked for, and is the same ever after: for tables that would keep every program
 * that imports the package waiting, also those that never read them. `make` depends on nothing but constants.
 */
export function lazyConstant<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
