/** A call of a tool that a person decides on. */
export interface Call {
  readonly args: readonly unknown[];
  readonly tool?: string;
  readonly actionType?: string;
  readonly context?: {
    readonly agentId?: string;
    readonly taskId?: string;
    readonly sessionId?: string;
    readonly principal?: string;
  };
}

/** In what a second call differs from one that was approved, in the words of docs/approvals.md. */
export interface Difference {
  readonly row: string;
  /** Whether the second one runs by the approval of the first one, and the other way round. */
  readonly isSame: boolean;
  readonly pairs: readonly (readonly [Call, Call])[];
}

const args = (...values: readonly unknown[]): Call => ({ args: values });
/** Calls with one object argument that differ in one member. */
const values = (first: unknown, ...others: readonly unknown[]): (readonly [Call, Call])[] =>
  others.map((other) => [args({ of: first }), args({ of: other })]);
/** The same, of every two of them. */
const allOf = (...list: readonly unknown[]): (readonly [Call, Call])[] =>
  list.flatMap((one, index) => values(one, ...list.slice(index + 1)));

const TEXT = 'café a';
const RENT = [{ text: 'pay rent', amount: 500 }] as const;
const BIG = 2 ** 60;
const TIME = '2027-01-15T08:00:00.000Z';
/** As deep as a model may nest what it changes. */
const deep = (value: unknown): unknown => ({ a: [{ b: { c: [1, { d: value }] } }] });

class Connection {
  readonly to: string;
  constructor(to: string) {
    this.to = to;
  }
}

class Other {}

const SAME: readonly Difference[] = [
  {
    row: 'keys in another order, at any depth',
    isSame: true,
    pairs: [
      [args({ a: 1, b: { c: 2, d: 3 } }), args({ b: { d: 3, c: 2 }, a: 1 })],
      [args(deep({ x: 1, y: 2 })), args(deep({ y: 2, x: 1 }))],
      [args({ 10: 'a', 9: 'b', x: 'c' }), args({ x: 'c', 9: 'b', 10: 'a' })],
    ],
  },
  {
    row: '`1.0` for `1`, `-0` for `0`',
    isSame: true,
    pairs: [...values(1, JSON.parse('1.0'), JSON.parse('10e-1')), ...values(0, -0, JSON.parse('-0.0'))],
  },
  {
    row: '`new Number(1)` for `1`, and the like: the tool gets `1`',
    isSame: true,
    pairs: [...values(1, Object(1)), ...values('a', Object('a')), ...values(true, Object(true))],
  },
  {
    row: '`undefined` for an argument that is not there, at the end',
    isSame: true,
    pairs: [[args('a'), args('a', undefined)]],
  },
  {
    row: 'another function, stream or instance of the same class: of what is passed by reference only the class counts',
    isSame: true,
    pairs: [
      ...values(new Connection('test'), new Connection('production')),
      ...values(
        () => 1,
        () => 2,
      ),
    ],
  },
];

const OTHER: readonly Difference[] = [
  {
    row: '`true`, `"1"`, `"1.0"`, `1n` or `[1]` for `1`',
    isSame: false,
    pairs: [...allOf(1, true, '1', '1.0', 1n, [1]), ...allOf(0, false, '0', '-0', 0n, '', [], {})],
  },
  {
    row: 'the BigInt or the text for a number beyond 2^53, or the next one that there is',
    isSame: false,
    pairs: allOf(BIG, BigInt(BIG), BigInt(BIG) + 1n, String(BIG), BIG + 256),
  },
  {
    row: 'a key or an argument more or less, at any depth',
    isSame: false,
    pairs: [
      [args(...RENT), args({ ...RENT[0], to: 'eve' })],
      [args(...RENT), args({ text: 'pay rent' })],
      [args(...RENT), args(...RENT, 'now')],
      [args(...RENT), args(...RENT, {})],
      [args(), args({})],
      [args(deep({ x: 1 })), args(deep({ x: 1, y: 2 }))],
      [args(deep({ x: 1 })), args(deep({}))],
      [args({ a: 1 }), args(JSON.parse('{"a":1,"__proto__":{}}'))],
    ],
  },
  {
    row: 'a key that is missing for one that is `undefined`, `null`, `NaN` or empty',
    isSame: false,
    pairs: [
      ...[undefined, null, Number.NaN, '', false].map((nothing): [Call, Call] => [
        args({ a: 1 }),
        args({ a: 1, b: nothing }),
      ]),
      ...allOf(undefined, null, Number.NaN, Number.POSITIVE_INFINITY, '', 'undefined', 'null', 'NaN'),
    ],
  },
  {
    row: 'elements of a list in another order, more or fewer of them, or in another nesting',
    isSame: false,
    pairs: allOf([1, 2, 3], [3, 2, 1], [1, 2], [1, 2, 3, 3], [[1, 2, 3]], [[1, 2], 3], [1, 2, 3, undefined]),
  },
  {
    row: 'an edit at any depth',
    isSame: false,
    pairs: [
      [args(deep('a')), args(deep('b'))],
      [args(deep([1, 2])), args(deep([2, 1]))],
      [args(deep({ x: '' })), args(deep({ X: '' }))],
      [args('a', deep(1)), args('a', deep(2))],
    ],
  },
  {
    row: 'texts in another Unicode form (NFC, NFD, full-width), with what cannot be seen, look-alikes, other white space or case',
    isSame: false,
    pairs: [
      ...allOf(
        TEXT.normalize('NFC'),
        TEXT.normalize('NFD'),
        TEXT.replace('a', '\uff41'),
        TEXT.replace('a', '\u0430'),
        TEXT.replace('c', '\u200bc'),
        TEXT.replace('c', '\u2060c'),
        `${TEXT}\ufeff`,
        TEXT.replace(' ', '\u00a0'),
        TEXT.replace(' ', '  '),
        TEXT.replace(' ', '\n'),
        `${TEXT}\0`,
        TEXT.toUpperCase(),
      ),
      [args({ [TEXT.normalize('NFC')]: 1 }), args({ [TEXT.normalize('NFD')]: 1 })],
      ...allOf('\ud800', '\ud801', '\ufffd'),
    ],
  },
  {
    row: 'a Date for its ISO text or its milliseconds',
    isSame: false,
    pairs: allOf(new Date(TIME), TIME, Date.parse(TIME), new Date(Date.parse(TIME) + 1), { $date: TIME }),
  },
  {
    row: 'a Map, a Set, bytes or a URL for an object, a list or a text with the same in it',
    isSame: false,
    pairs: [
      ...allOf(new Map([['a', 1]]), { a: 1 }, [['a', 1]], { $map: [['a', 1]] }, new Map([['a', '1']])),
      ...allOf(new Set([1, 2]), [1, 2], new Set([2, 1]), { $set: [1, 2] }),
      ...allOf(new Uint8Array([1, 2]), [1, 2], Buffer.from([1, 2]), new Uint16Array([1, 2]), '0102'),
      ...allOf(new Uint8Array([1, 0]), new Uint16Array([1])),
      ...allOf(new URL('https://a.example/'), 'https://a.example/', { $url: 'https://a.example/' }),
      ...allOf(new Connection('test'), new Other(), { to: 'test' }, { $opaque: 'Connection' }, () => 1),
    ],
  },
  {
    row: 'an argument by its name for one by its position',
    isSame: false,
    pairs: [
      [args('a'), args({ arg0: 'a' })],
      [args({ a: 1 }, 2), args({ arg0: { a: 1 }, arg1: 2, a: 1 })],
      [args({ arg2: 'z' }, 'y'), args({ arg2: 'z' }, 'y', 'z')],
    ],
  },
  {
    row: 'another tool name or action type',
    isSame: false,
    pairs: [
      [{ args: RENT }, { args: RENT, tool: 'transfer' }],
      [{ args: RENT }, { args: RENT, tool: 'Pay' }],
      [
        { args: RENT, actionType: 'payment.send' },
        { args: RENT, actionType: 'payment.plan' },
      ],
    ],
  },
  {
    row: 'another agent, declared task, declared session or principal',
    isSame: false,
    pairs: (['agentId', 'taskId', 'sessionId', 'principal'] as const).flatMap((name): [Call, Call][] => [
      [{ args: RENT }, { args: RENT, context: { [name]: 'x' } }],
      [
        { args: RENT, context: { [name]: 'x' } },
        { args: RENT, context: { [name]: 'X' } },
      ],
      [
        { args: RENT, context: { [name]: 'x' } },
        { args: RENT, context: { [name]: 'x\u200b' } },
      ],
    ]),
  },
  {
    row: 'a name in another place: the task of one for the session of the other',
    isSame: false,
    pairs: [
      [
        { args: RENT, context: { taskId: 'x' } },
        { args: RENT, context: { sessionId: 'x' } },
      ],
      [
        { args: RENT, context: { principal: 'x' } },
        { args: RENT, context: { sessionId: 'x' } },
      ],
      [
        { args: RENT, tool: 'a', actionType: 'b' },
        { args: RENT, tool: 'b', actionType: 'a' },
      ],
    ],
  },
];

export const DIFFERENCES: readonly Difference[] = [...SAME, ...OTHER];
