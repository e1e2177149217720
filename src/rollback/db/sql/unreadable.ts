/** A statement cannot be read well enough to say which rows it changes. The message says why, as part of a sentence. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}
