/** Something that `await` waits for and that is no promise: an object with the given `then`. */
export function thenable(then: unknown, more: object = {}): object {
  return Object.assign(Object.fromEntries([['then', then]]), more);
}
