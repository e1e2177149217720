import { thenable } from '../core/thenable.ts';

/** A way in which something can fail to answer. */
export interface Fault {
  readonly what: string;
  readonly happen: () => unknown;
}

const value = (what: string, answer: unknown): Fault => ({ what, happen: () => answer });

/** No answer at all, ever or in time. */
export const SILENCE: readonly Fault[] = [
  {
    what: 'throws an error',
    happen() {
      throw new Error('boom');
    },
  },
  {
    what: 'throws undefined',
    happen() {
      throw undefined;
    },
  },
  { what: 'rejects', happen: () => Promise.reject(new Error('late boom')) },
  { what: 'never settles', happen: () => new Promise(() => undefined) },
  {
    what: 'is a thenable that throws',
    happen: () =>
      thenable(() => {
        throw new Error('odd boom');
      }),
  },
];

/** Answers that mean nothing, at once or as a promise. */
export const GARBAGE: readonly Fault[] = [
  value('is null', null),
  value('is NaN', Number.NaN),
  value('is true', true),
  value('is a number', 0),
  value('is an empty string', ''),
  value('is a string', 'ALLOW'),
  value('is an empty object', {}),
  value('is a list', []),
  value('is a function', () => ({ verdict: 'ALLOW' })),
  value('is a date', new Date(0)),
  { what: 'is a promise of null', happen: () => Promise.resolve(null) },
  { what: 'is a promise of a string', happen: () => Promise.resolve('ALLOW') },
  { what: 'is a promise of an empty object', happen: () => Promise.resolve({}) },
];

/** Answers that are nearly verdicts. */
export const WRONG_VERDICTS: readonly Fault[] = [
  value('has a verdict in lower case', { verdict: 'allow' }),
  value('has an unknown verdict', { verdict: 'PERMIT' }),
  value('has NaN as verdict', { verdict: Number.NaN }),
  value('has true as verdict', { verdict: true }),
  value('has a verdict of a prototype', { verdict: '__proto__' }),
  value('has a reason of a wrong type', { verdict: 'ALLOW', reason: 1 }),
  value('has a confidence of NaN', { verdict: 'ALLOW', confidence: Number.NaN }),
  value('has a risk score of NaN', { verdict: 'ALLOW', metadata: { riskScore: Number.NaN } }),
  value('has metadata of a wrong type', { verdict: 'ALLOW', metadata: 'x' }),
  { what: 'is a promise of a wrong verdict', happen: () => Promise.resolve({ verdict: 'allow' }) },
];

/** Answers that are nearly reservations. */
export const WRONG_RESERVATIONS: readonly Fault[] = [
  value('is refused in a string', { refused: 'false' }),
  value('is refused with 0', { refused: 0 }),
  value('is refused with null', { refused: null }),
  value('is refused without a reason', { refused: true }),
  value('is undefined', undefined),
];

const QUIET_FACTS = {
  ...{ rates: [], budgets: [], rateLast5Min: 0, actionsThisRun: 0, taskSpend: 0 },
  agent: { actionCount: 0, errorRate: 0, violations: 0 },
};

/** Answers that are nearly facts of a limiter. */
export const WRONG_FACTS: readonly Fault[] = [
  value('is undefined', undefined),
  value('has no rates', { ...QUIET_FACTS, rates: null }),
  value('has a rate of NaN', { ...QUIET_FACTS, rates: [Number.NaN] }),
  value('has a count of NaN', {
    ...QUIET_FACTS,
    rates: [{ scope: 'default', limit: '1/min', max: 1, windowMs: 60_000, count: Number.NaN }],
  }),
  value('has a spend of NaN', {
    ...QUIET_FACTS,
    budgets: [{ scope: 'task', id: 't', spent: Number.NaN, limit: 1, agents: 1 }],
  }),
  value('does not know how many agents spent most of a budget', {
    ...QUIET_FACTS,
    budgets: [{ scope: 'task', id: 't', spent: 0.9, limit: 1 }],
  }),
  value('has no record of the agent', { ...QUIET_FACTS, agent: null }),
];

/** Answers of a person that are no yes. Only `true` is one. */
export const NO_APPROVALS: readonly Fault[] = [
  value('is false', false),
  value('is undefined', undefined),
  value('is 1', 1),
  value('is the text true', 'true'),
  value('is a boxed true', Object(true)),
  value('is an object that says approved', { approved: true }),
  { what: 'is a promise of 1', happen: () => Promise.resolve(1) },
  { what: 'is a promise of an object', happen: () => Promise.resolve({ approved: true }) },
];
