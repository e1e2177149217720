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
    reason: keptReason(result, redaction),
    confidence,
    evaluatorName,
    suggestedAction: keptTextOrNull(result.suggestedAction, redaction),
    metadata: withoutHiddenForm(redaction.value(plain) as EvaluatorResult['metadata'], metadata, redaction),
  };
}

/**
 * What an entry keeps of the form of an argument that a rule matched. The form of a secret is another text than the secret,
 * by which nobody would know it: where the argument has one, and nothing was taken out of the form, it is not kept.
 */
export function keptSpelling(
  { spelling, givenAs = spelling }: EvaluatorResult['metadata'],
  redaction: ActionRedaction,
): string | null {
  if (spelling === undefined || givenAs === undefined) return null;
  const kept = keptText(spelling, redaction);
  return kept === spelling && keptText(givenAs, redaction) !== givenAs ? HIDDEN : kept;
}

const HIDDEN = '[redacted]';

/** A reason names the form where nothing permits it. */
function keptReason({ reason, metadata }: EvaluatorResult, redaction: ActionRedaction): string {
  const { spelling } = metadata;
  const isHidden = spelling !== undefined && spelling !== '' && keptSpelling(metadata, redaction) === HIDDEN;
  return keptText(isHidden ? reason.replaceAll(spelling, HIDDEN) : reason, redaction);
}

function withoutHiddenForm(
  kept: EvaluatorResult['metadata'],
  metadata: EvaluatorResult['metadata'],
  redaction: ActionRedaction,
): EvaluatorResult['metadata'] {
  const spelling = keptSpelling(metadata, redaction);
  return spelling === null || spelling === kept.spelling ? kept : { ...kept, spelling };
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
