/** A promise about speed that the benchmark holds the package to. */
export interface Bound {
  readonly id: string;
  readonly what: string;
  /** The median of the runs must not be above this, or not below it where more is better. */
  readonly limit: number;
  readonly unit: 'µs' | 'ms' | 'MB' | '×' | 'calls/s';
  readonly moreIsBetter?: true;
}

/** Rule counts at which one `evaluate` must cost the same. */
export const BOUNDED_SIZES = [10, 1_000, 10_000] as const;

/** Rule counts of the hostile workload, and milliseconds for one intent of 10 KB. */
export const HOSTILE_LIMITS = [
  { size: 100, limit: 10 },
  { size: 1_000, limit: 60 },
] as const;

const HOSTILE = 'the worst hostile 10 KB intent';

/** Every bound, in the order of the report. */
export const BOUNDS: readonly Bound[] = [
  ...BOUNDED_SIZES.map(
    (size): Bound => ({
      id: `regex-${size}`,
      what: `evaluate p50, ${count(size)} regex rules`,
      limit: 3,
      unit: 'µs',
    }),
  ),
  ...BOUNDED_SIZES.map(
    (size): Bound => ({
      id: `prefix-${size}`,
      what: `evaluate p50, ${count(size)} conditions with literal prefixes`,
      limit: 3,
      unit: 'µs',
    }),
  ),
  ...HOSTILE_LIMITS.flatMap(({ size, limit }): Bound[] => [
    { id: `dots-${size}`, what: `evaluate p50, ${count(size)} gap rules, ${HOSTILE}`, limit, unit: 'ms' },
    {
      id: `mixed-${size}`,
      what: `the same, ${count(size)} with classes, counts and groups`,
      limit,
      unit: 'ms',
    },
  ]),
  { id: 'sync-p50', what: 'whole guarded call in memory, sync tool, p50', limit: 12, unit: 'µs' },
  { id: 'sync-p99', what: 'whole guarded call in memory, sync tool, p99', limit: 60, unit: 'µs' },
  { id: 'async-p50', what: 'whole guarded call in memory, async tool, p50', limit: 12, unit: 'µs' },
  { id: 'async-p99', what: 'whole guarded call in memory, async tool, p99', limit: 60, unit: 'µs' },
  {
    id: 'flat-time',
    what: 'last 100,000 of 1,000,000 calls against the first 100,000, p50',
    limit: 1.25,
    unit: '×',
  },
  { id: 'flat-memory', what: 'heap growth from call 100,000 to call 1,000,000', limit: 4, unit: 'MB' },
  {
    id: 'journal-sync-p50',
    what: 'guarded call with journal on disk, sync tool, p50',
    limit: 100,
    unit: 'µs',
  },
  {
    id: 'journal-sync-p99',
    what: 'guarded call with journal on disk, sync tool, p99',
    limit: 1_000,
    unit: 'µs',
  },
  {
    id: 'journal-async-rate',
    what: 'guarded calls with journal on disk, async tool, 64 in flight',
    limit: 15_000,
    unit: 'calls/s',
    moreIsBetter: true,
  },
  { id: 'journal-query', what: '`getAuditLog` of 100 among 1,000,000 entries', limit: 5, unit: 'ms' },
  {
    id: 'journal-flat-memory',
    what: 'heap growth from call 100,000 to call 1,000,000 with journal on disk',
    limit: 4,
    unit: 'MB',
  },
  {
    id: 'capture-4k',
    what: 'what being undoable adds to a guarded call that writes over a file of 4 KB, p50',
    limit: 1,
    unit: 'ms',
  },
  {
    id: 'capture-100m',
    what: 'capturing a file of 100 MB against copying it',
    limit: 4,
    unit: '×',
  },
  {
    id: 'capture-100m-memory',
    what: 'peak memory that capturing a file of 100 MB adds',
    limit: 64,
    unit: 'MB',
  },
  {
    id: 'path-p50',
    what: 'evaluate p50, a path argument looked up in the file system',
    limit: 20,
    unit: 'µs',
  },
  { id: 'shell-p50', what: 'evaluate p50, a shell line of 200 bytes', limit: 80, unit: 'µs' },
  { id: 'shell-hostile', what: 'evaluate, the worst hostile shell line of 64 KB', limit: 50, unit: 'ms' },
  { id: 'import', what: "import 'plyra-guard' in a fresh process", limit: 60, unit: 'ms' },
  {
    id: 'ahead',
    what: 'time against the fastest peer in any table cell at 100 rules or more',
    limit: 1,
    unit: '×',
  },
];

/** A whole number with thousands separators. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}
