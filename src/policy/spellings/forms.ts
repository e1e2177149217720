/** The ways in which one argument can be written. All are different from each other. */
export interface Forms {
  /** What will really be touched, at least one; a rule that matches one of these decides. The first is the plainest. */
  readonly canonical: readonly string[];
  /** Other readings. They may forbid, but never permit. */
  readonly other: readonly string[];
}

/** One argument, read as its kind. */
export interface Reading {
  /** What it may mean, nearly always one thing; each has to be permitted by itself. */
  readonly meanings: readonly Forms[];
  /** The values that conditions are computed on beside the one that was given: one for each meaning. */
  readonly values: readonly string[];
}
