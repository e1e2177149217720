import { canonicalJson } from '../core/canonical.ts';
import { isPlainObject } from '../core/private-copy.ts';
import type { ActionRedaction, KnownResult } from '../core/redact.ts';
import type { EvaluatorResult } from '../core/result.ts';
import { WrittenResult } from '../core/wire-results.ts';
import { keptText, keptTextOrNull } from '../journal/summary.ts';

/** Evaluators whose answers are made once and given again and again, in frozen metadata. */
const REPEATING: ReadonlySet<string> = new Set(['policy_engine', 'risk_scorer']);

/**
 * What an entry keeps of an evaluator's result, with the secrets of its action taken out. Where the action has none, and
 * the result is one that is given again and again, it is made once.
 */
export function keptOpinion(result: EvaluatorResult, redaction: ActionRedaction): EvaluatorResult {
  const { results } = redaction;
  const { evaluatorName, metadata } = result;
  if (results === null || !REPEATING.has(evaluatorName)) return resultWithoutSecrets(result, redaction);
  const known = results.get(metadata);
  if (known !== undefined && isOf(known, result)) return known.written;
  const written = new WrittenResult(resultWithoutSecrets(result, redaction));
  if (isFrozenData(metadata)) results.set(metadata, { of: result, written });
  return written;
}

/** Whether it was made of such a result; the metadata is the same. */
function isOf({ of }: KnownResult, result: EvaluatorResult): boolean {
  return (
    of.reason === result.reason &&
    of.verdict === result.verdict &&
    of.confidence === result.confidence &&
    of.evaluatorName === result.evaluatorName &&
    of.suggestedAction === result.suggestedAction
  );
}

/** True for data in which nothing can change any more. */
function isFrozenData(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && isPlainJson(value) && Object.values(value).every(isFrozenData);
}

function resultWithoutSecrets(result: EvaluatorResult, redaction: ActionRedaction): EvaluatorResult {
  const { verdict, confidence, evaluatorName, metadata } = result;
  const plain = isPlainJson(metadata) ? metadata : JSON.parse(canonicalJson(metadata));
  return {
    verdict,
    reason: keptText(result.reason, redaction),
    confidence,
    evaluatorName,
    suggestedAction: keptTextOrNull(result.suggestedAction, redaction),
    metadata: redaction.value(plain) as EvaluatorResult['metadata'],
  };
}

/** True for small data that is plain JSON already, as the metadata of the guard's own evaluators is. */
function isPlainJson(value: unknown, depth = 3): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) {
    return value === null || typeof value === 'string' || typeof value === 'boolean';
  }
  if (depth === 0 || Array.isArray(value) || !isPlainObject(value)) return false;
  for (const key in value) if (key.startsWith('$') || !isPlainJson(value[key], depth - 1)) return false;
  return true;
}
