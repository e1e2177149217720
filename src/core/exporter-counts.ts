/** What became of the entries that an exporter was handed, since it was made. */
export interface ExporterCounts {
  /** Taken by the receiver. */
  readonly delivered: number;
  /** Lost because too many waited, or because the exporter was closed before they got through. */
  readonly dropped: number;
  /** Lost because they could not be written down, or because the receiver would not have them. */
  readonly rejected: number;
  /** Attempts that failed; what they carried is tried again. */
  readonly failures: number;
  /** Entries that wait now. */
  readonly waiting: number;
}
