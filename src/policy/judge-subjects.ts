import type { ArgumentKind } from '../core/argument-kind.ts';
import { Verdict } from '../core/verdict.ts';
import { type Match, makeMatch, withMetadata, worseMatch } from './match.ts';
import { type RuleWalk, SeenForms } from './rule-walk.ts';
import type { Subject } from './spellings/subject.ts';

/** The worst that was said of any subject. */
export interface JudgedSubjects {
  readonly match: Match | undefined;
  /** Subjects that cannot be read, and that no rule permits exactly as they are. */
  readonly unreadable: readonly Subject[];
}

const NONE: readonly never[] = Object.freeze([]);

/**
 * Judges every subject by a list of rules and by what the condition policies said of the whole call; `fallback` holds for
 * one of which neither says anything. Gives the worst: of equal verdicts a rule's before a default, then the earlier
 * subject's.
 */
export function judgeSubjects(
  walk: RuleWalk | null,
  conditions: Match | undefined,
  fallback: Match | undefined,
  subjects: readonly Subject[],
): JudgedSubjects {
  const seen = new SeenForms();
  let worst: Match | undefined;
  let of: Subject | undefined;
  let form: string | null = null;
  let unreadable: Subject[] | undefined;
  for (const subject of subjects) {
    const walked = walk?.walk(subject, seen);
    if (subject.unreadable !== null && walked?.exactly !== true) {
      unreadable ??= [];
      unreadable.push(subject);
    }
    const said = worseMatch(walked?.match, conditions) ?? fallback;
    if (said === undefined || !isWorse(said, worst)) continue;
    worst = said;
    of = subject;
    form = said === walked?.match ? walked.form : null;
  }
  const match = worst === undefined || of === undefined ? worst : told(worst, of, form, subjects.length > 1);
  return { match, unreadable: unreadable ?? NONE };
}

function isWorse(said: Match, worst: Match | undefined): boolean {
  if (worst === undefined || said.rank > worst.rank) return true;
  return said.rank === worst.rank && isDefault(worst) && !isDefault(said);
}

function isDefault({ result }: Match): boolean {
  return result.metadata.defaulted === true;
}

/** The match with what it matched, where that is not the intent as it stands. */
function told(match: Match, subject: Subject, form: string | null, isOneOfMany: boolean): Match {
  const { kind, given, canonical } = subject;
  if (form !== null) {
    const matched = { spelling: form, matchedAs: kind };
    return withMetadata(match, form === given ? matched : { ...matched, givenAs: given });
  }
  const { reason, verdict } = match.result;
  if (!isDefault(match) || Verdict.isPermissive(verdict) || kind === 'intent' || !isOneOfMany) return match;
  const plain = (canonical[0]?.form ?? given).slice(0, 200);
  const named = `Nothing permits the ${kind} \`${plain}\`. ${reason}`;
  const shown = withMetadata(match, { spelling: plain, matchedAs: kind, givenAs: given });
  return { rank: match.rank, result: Object.freeze({ ...shown.result, reason: named }) };
}

/**
 * What is said of an argument that cannot be read; `undefined` where there is none, or where that is permitted. One that
 * is too long to be read is never permitted by a setting.
 */
export function unreadableMatch(
  unreadable: readonly Subject[],
  verdict: 'escalate' | 'allow' | 'block',
): Match | undefined {
  const counted = verdict === 'allow' ? unreadable.filter((one) => one.unreadable?.isTooMuch) : unreadable;
  const [first] = counted;
  if (first === undefined) return undefined;
  const why = first.unreadable?.why ?? '';
  return makeMatch(
    {
      verdict: verdict === 'block' ? 'BLOCK' : 'ESCALATE',
      reason: `This ${first.kind} cannot be read: ${why}.`,
      ruleName: null,
      policyName: null,
      suggestion: 'Write it so that every command in it can be read, or add a rule for exactly this text.',
    },
    { unreadable: why, givenAs: first.given },
  );
}

/** The match with what a bare string was read as. */
export function withReadAs(match: Match, readAs: ArgumentKind | null): Match {
  if (readAs === null) return match;
  return (readAs === 'text' ? match.asText : undefined) ?? withMetadata(match, { readAs });
}
