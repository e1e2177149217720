import type { SourcePosition } from '../rule-input.ts';

/**
 * What kind of thing was found:
 * `unreachable` a rule that never decides, as an earlier one matches all that it matches; `contradiction` the same
 * pattern or condition with another verdict; `permissive-above` an earlier ALLOW or WARN that takes part of what a
 * restrictive rule below it is for; `matches-everything` a rule above others that leaves nothing for them;
 * `missing-default`; `duplicate-name`; `constant-condition`; `never-applies` a policy for no type of action;
 * `empty-reason`.
 */
export type FindingCode =
  | 'unreachable'
  | 'contradiction'
  | 'permissive-above'
  | 'matches-everything'
  | 'missing-default'
  | 'duplicate-name'
  | 'constant-condition'
  | 'never-applies'
  | 'empty-reason';

/** `error`: it does not do what it says. `warning`: probably not meant. `note`: could be better. */
export type FindingSeverity = 'error' | 'warning' | 'note';

/** Something about a policy that loads but is hardly meant. */
export interface Finding {
  readonly severity: FindingSeverity;
  readonly code: FindingCode;
  /** A sentence that names the rules and says what to change. */
  readonly message: string;
  /** The rule or policy that it is about; `null` for the whole layer. */
  readonly ruleName: string | null;
  /** Where that was written, if it came from a file. */
  readonly position: SourcePosition | null;
  /** The other rule or policy of a pair. */
  readonly otherRule: string | null;
}

/** Something that findings can be about. */
export interface Named {
  readonly name: string;
  readonly position: SourcePosition | undefined;
}

/** Builds a finding about `subject`. */
export function finding(
  severity: FindingSeverity,
  code: FindingCode,
  subject: Named | null,
  message: string,
  other: Named | null = null,
): Finding {
  return {
    severity,
    code,
    message,
    ruleName: subject?.name ?? null,
    position: subject?.position ?? null,
    otherRule: other?.name ?? null,
  };
}

/** `rule "x" (line 3)`, as messages name it. */
export function nameOf(kind: 'rule' | 'policy', { name, position }: Named): string {
  return `${kind} "${name}"${position === undefined ? '' : ` (line ${position.line})`}`;
}

/** Names that more than one subject has, reported at the second and later ones. */
export function duplicateNames(kind: 'rule' | 'policy', subjects: readonly (Named | null)[]): Finding[] {
  const first = new Map<string, Named>();
  const found: Finding[] = [];
  for (const subject of subjects) {
    if (subject === null) continue;
    const other = first.get(subject.name);
    if (other === undefined) first.set(subject.name, subject);
    else {
      const message = `The name of ${nameOf(kind, subject)} is already that of ${nameOf(kind, other)}. Give each its own: decisions and logs tell them apart by it.`;
      found.push(finding('warning', 'duplicate-name', subject, message, other));
    }
  }
  return found;
}
