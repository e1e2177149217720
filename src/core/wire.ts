import { sortedJson } from './canonical.ts';
import type { DecidedBody, FinishedBody } from './entry.ts';
import { MICRO, toMicroUsd } from './money.ts';
import type { RecordKind } from './record.ts';
import { decidedText } from './wire-decided.ts';
import { hopFromWire, hopToWire, timeOf, wireDate } from './wire-hops.ts';
import { camelCase, IN_ORDER, snakeCase } from './wire-names.ts';
import { resultFromWire, resultText, resultToWire } from './wire-results.ts';

type Body = Readonly<Record<string, unknown>>;

/** Kinds whose bodies tell of one action. Fields that are `null` there are left out on disk, and so are defaults. */
const OF_ACTIONS: readonly RecordKind[] = Object.freeze(['decided', 'waiting', 'done', 'failed']);

/** Fields of a decision that are `null` or empty where they are not written. */
const BLANK: Readonly<Partial<DecidedBody>> = Object.freeze({
  taskId: null,
  sessionId: null,
  policyTriggered: null,
  ruleName: null,
  spelling: null,
  wouldVerdict: null,
  principal: null,
  callId: null,
  framework: null,
  parentActionId: null,
  traceId: null,
  approvalId: null,
  grantId: null,
  snapshotId: null,
  result: null,
  error: null,
});

/** Every field of a {@link FinishedBody}. */
const FINISHED_FIELDS: Readonly<Record<keyof FinishedBody, true>> = Object.freeze({
  outcome: true,
  durationMs: true,
  elapsedMs: true,
  result: true,
  error: true,
  reversible: true,
  labels: true,
});
const FINISHED_IN_ORDER = Object.freeze(IN_ORDER.filter(([name]) => Object.hasOwn(FINISHED_FIELDS, name)));

const FINISHED_BLANK: Body = Object.freeze({ result: null, error: null });

/**
 * A record's body as the text that is stored and hashed: canonical JSON with the guard's words in snake case, times in
 * ISO 8601 and money in whole micro-USD. Parameters, results and what evaluators put into their metadata keep their keys.
 */
export function bodyText(kind: RecordKind, body: Body): string {
  const ofAction = OF_ACTIONS.includes(kind);
  return (ofAction ? actionText(kind, body) : undefined) ?? anyText(ofAction, body);
}

/** The text of a body that has no field but the known ones: they need not be sorted. */
function actionText(kind: RecordKind, body: Body): string | undefined {
  const ended = kind === 'done' || kind === 'failed';
  return (ended ? fieldsText(body, FINISHED_IN_ORDER) : decidedText(body)) ?? fieldsText(body, IN_ORDER);
}

/** The text of a body that has no other field than these; `undefined` for any other. */
function fieldsText(body: Body, inOrder: typeof IN_ORDER): string | undefined {
  let text = '';
  let met = 0;
  for (const [name, written] of inOrder) {
    const value = body[name];
    if (value === undefined && !Object.hasOwn(body, name)) continue;
    met++;
    const wire = name === 'evaluatorResults' ? value : toWire(name, value);
    if (wire === undefined || (wire === null && name !== 'estimatedCost')) continue;
    text += `${text === '' ? '' : ','}${written}${fieldText(name, wire)}`;
  }
  return met === Object.keys(body).length ? `{${text}}` : undefined;
}

function fieldText(name: string, wire: unknown): string {
  if (name !== 'evaluatorResults' || !Array.isArray(wire)) return sortedJson(wire);
  return `[${wire.map((result) => resultText(result)).join(',')}]`;
}

function anyText(ofAction: boolean, body: Body): string {
  const fields: [string, unknown][] = [];
  for (const key of Object.keys(body)) {
    const value = ofAction ? toWire(key, body[key]) : wireDate(body[key]);
    if (value === undefined || (ofAction && value === null && key !== 'estimatedCost')) continue;
    fields.push([snakeCase(key), value]);
  }
  return sortedJson(Object.fromEntries(fields));
}

/** The body of a stored text. Throws for a text that is no JSON object. */
export function bodyFromText(kind: RecordKind, text: string): Body {
  const wire: unknown = JSON.parse(text);
  if (typeof wire !== 'object' || wire === null || Array.isArray(wire)) {
    throw new SyntaxError('The body of a journal record is no JSON object.');
  }
  const ofAction = OF_ACTIONS.includes(kind);
  const fields = Object.entries(wire).map(([key, value]): [string, unknown] => {
    const name = camelCase(key);
    return [name, ofAction ? fromWire(name, value) : value];
  });
  return Object.freeze({ ...blankOf(kind), ...Object.fromEntries(fields) });
}

function blankOf(kind: RecordKind): Body {
  if (kind === 'decided' || kind === 'waiting') return BLANK;
  return kind === 'done' || kind === 'failed' ? FINISHED_BLANK : {};
}

function toWire(key: string, value: unknown): unknown {
  switch (key) {
    case 'estimatedCost':
      return toMicroUsd(value) ?? null;
    case 'evaluatorResults':
      return Array.isArray(value) ? value.map(resultToWire) : value;
    case 'instructionChain':
      return Array.isArray(value) ? value.map(hopToWire) : value;
    default:
      return wireDate(value);
  }
}

function fromWire(key: string, value: unknown): unknown {
  switch (key) {
    case 'timestamp':
      return timeOf(value);
    case 'estimatedCost':
      return typeof value === 'number' ? value / MICRO : Number.NaN;
    case 'evaluatorResults':
      return Array.isArray(value) ? value.map(resultFromWire) : value;
    case 'instructionChain':
      return Array.isArray(value) ? value.map(hopFromWire) : value;
    default:
      return value;
  }
}
