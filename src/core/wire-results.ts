import { sortedJson } from './canonical.ts';
import type { EvaluatorResult } from './result.ts';
import { camelCase, snakeCase, toSnakeCase } from './wire-names.ts';

/** What is not written where a result has it. */
const RESULT_BLANK = Object.freeze({ reason: '', confidence: 1, suggestedAction: null });

/** Keys of results' metadata that are the guard's own words; others are an evaluator's, and stay as they are. */
const METADATA_KEYS: readonly string[] = Object.freeze([
  'ruleName',
  'policyName',
  'escalateTo',
  'deferSeconds',
  'timeoutSeconds',
  'requiredTrust',
  'actualTrust',
  'currentDepth',
  'maxDepth',
  'currentSpend',
  'budgetLimit',
  'estimatedCost',
  'riskScore',
  'approvalTimedOut',
  'retryAfterMs',
  'maxRiskScore',
  'escalateAbove',
  'conditionErrors',
  'maxConcurrent',
  'riskLevel',
  'canAsk',
  'actionType',
  'agentHistory',
  'blastRadius',
  'parameterSensitivity',
  'taskAlignment',
]);

/** Metadata that holds the guard's own words one level deeper. */
const NESTED = 'signals';

const TO_SNAKE: ReadonlyMap<string, string> = new Map(METADATA_KEYS.map((key) => [key, toSnakeCase(key)]));
const TO_CAMEL: ReadonlyMap<string, string> = new Map(METADATA_KEYS.map((key) => [toSnakeCase(key), key]));

/** A result that has its text already. What its metadata holds must not change any more. */
export class WrittenResult implements EvaluatorResult {
  readonly verdict: EvaluatorResult['verdict'];
  readonly reason: string;
  readonly confidence: number;
  readonly evaluatorName: string;
  readonly suggestedAction: string | null;
  readonly metadata: EvaluatorResult['metadata'];
  readonly #text: string;

  constructor(result: EvaluatorResult) {
    this.verdict = result.verdict;
    this.reason = result.reason;
    this.confidence = result.confidence;
    this.evaluatorName = result.evaluatorName;
    this.suggestedAction = result.suggestedAction;
    this.metadata = result.metadata;
    this.#text = resultText(result);
    Object.freeze(this);
  }

  /** The text of a result that is one of these; `undefined` for any other. */
  static textOf(result: object): string | undefined {
    return #text in result ? result.#text : undefined;
  }
}

/** An evaluator's result, its fields in the order of canonical JSON; whatever else was read from a text goes its own way. */
export function resultText(result: unknown): string {
  if (typeof result !== 'object' || result === null) return sortedJson(result);
  const written = WrittenResult.textOf(result);
  if (written !== undefined) return written;
  const { confidence, evaluatorName, metadata, reason, suggestedAction, verdict, ...more } =
    result as Partial<EvaluatorResult>;
  if (typeof evaluatorName !== 'string' || typeof verdict !== 'string' || Object.keys(more).length > 0) {
    return sortedJson(resultToWire(result));
  }
  const wire = metadataToWire(metadata);
  const fields = [
    confidence === 1 ? '' : `"confidence":${sortedJson(confidence)},`,
    `"evaluator_name":${JSON.stringify(evaluatorName)},`,
    Object.keys(wire).length === 0 ? '' : `"metadata":${sortedJson(wire)},`,
    reason === '' ? '' : `"reason":${sortedJson(reason)},`,
    suggestedAction === null ? '' : `"suggested_action":${sortedJson(suggestedAction)},`,
    `"verdict":${JSON.stringify(verdict)}`,
  ];
  return `{${fields.join('')}}`;
}

/** The metadata of a result with the guard's own words in snake case; an evaluator's keys stay as they are. */
export function metadataToWire(metadata: unknown): Readonly<Record<string, unknown>> {
  return renamed(metadata, TO_SNAKE);
}

/** A result in the words of the wire, without what is a default; anything else as it is. */
export function resultToWire(result: unknown): unknown {
  if (typeof result !== 'object' || result === null) return result;
  const fields: [string, unknown][] = [];
  for (const [key, value] of Object.entries(result)) {
    if (key === 'metadata') {
      const metadata = metadataToWire(value);
      if (Object.keys(metadata).length > 0) fields.push([key, metadata]);
    } else if (RESULT_BLANK[key as keyof typeof RESULT_BLANK] !== value) fields.push([snakeCase(key), value]);
  }
  return Object.fromEntries(fields);
}

/** The result of what was written. */
export function resultFromWire(wire: unknown): unknown {
  if (typeof wire !== 'object' || wire === null) return wire;
  const fields = Object.entries(wire).map(([key, value]): [string, unknown] => [
    camelCase(key),
    key === 'metadata' ? renamed(value, TO_CAMEL) : value,
  ]);
  return Object.freeze({ ...RESULT_BLANK, metadata: {}, ...Object.fromEntries(fields) });
}

function renamed(value: unknown, names: ReadonlyMap<string, string>): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      names.get(key) ?? key,
      key === NESTED && typeof item === 'object' && !Array.isArray(item) ? renamed(item, names) : item,
    ]),
  );
}
