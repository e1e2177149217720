import { severity, Verdict } from '../../core/verdict.ts';
import type { Policy } from '../policy.ts';
import type { Rule } from '../rule.ts';
import { duplicateNames, type Finding, finding, type Named, nameOf } from './finding.ts';
import { type Cover, coverOf, covers, prefixTexts } from './pattern-cover.ts';

interface Listed extends Named {
  readonly rule: Rule;
  readonly cover: Cover;
}

/** Everything to say about a rule list. */
export function lintRules(policy: Policy): Finding[] {
  const names = policy.ruleNames;
  const listed = policy.rules.map((rule, i): Listed => {
    return {
      rule,
      name: names[i] ?? rule.defaultName,
      position: rule.position,
      cover: coverOf(rule.compiled),
    };
  });
  const found = duplicateNames(
    'rule',
    policy.rules.map((rule) => ownName(rule)),
  );
  for (const [i, later] of listed.entries()) {
    if (later.cover.kind === 'all' && i < listed.length - 1) found.push(matchesEverything(later));
    found.push(...pairFinding(listed, i, later));
    if (later.rule.reason === '' && later.rule.action !== 'allow') {
      const message = `${capital(nameOf('rule', later))} has no reason. Say in \`reason\` why, and the model can choose another way.`;
      found.push(finding('note', 'empty-reason', later, message));
    }
  }
  return found;
}

function ownName({ name, position }: Rule): Named | null {
  return name === undefined ? null : { name, position };
}

function matchesEverything(rule: Listed): Finding {
  const message = `${capital(nameOf('rule', rule))} matches everything, so no rule below it is ever reached. Narrow its pattern, move it to the end, or use \`default_action\`.`;
  return finding('warning', 'matches-everything', rule, message);
}

/** At most one finding about an earlier rule: that it covers this one, else that it takes part of it. */
function pairFinding(listed: readonly Listed[], index: number, later: Listed): Finding[] {
  let taking: Listed | undefined;
  for (let i = 0; i < index; i++) {
    const earlier = listed[i];
    if (earlier === undefined) continue;
    if (covers(earlier.rule.compiled, earlier.cover, later.rule.compiled)) return [coveredBy(earlier, later)];
    if (taking === undefined && takesPartOf(earlier.rule, later.rule)) taking = earlier;
  }
  if (taking === undefined) return [];
  const message = `${capital(nameOf('rule', taking))} stands above ${nameOf('rule', later)} and allows part of what that is to ${later.rule.action}. If that is not meant, put ${later.rule.action} first.`;
  return [finding('warning', 'permissive-above', later, message, taking)];
}

function coveredBy(earlier: Listed, later: Listed): Finding {
  const names = [nameOf('rule', earlier), nameOf('rule', later)] as const;
  if (earlier.rule.pattern === later.rule.pattern && earlier.rule.action !== later.rule.action) {
    const message = `${capital(names[0])} says ${earlier.rule.action} and ${names[1]} says ${later.rule.action} for the same pattern. The first one decides; remove one of them.`;
    return finding('error', 'contradiction', later, message, earlier);
  }
  // What is lost is a protection when the later rule would have been the stricter one.
  const lost = severity(later.rule.verdict) > severity(earlier.rule.verdict);
  const fix = lost ? 'Move it up.' : 'Remove it, or move it up.';
  const message = `${capital(names[1])} is never reached: ${names[0]} matches everything that it matches. ${fix}`;
  return finding(lost ? 'error' : 'warning', 'unreachable', later, message, earlier);
}

/**
 * An exception above a rule (`^/etc/hosts` above `^/etc/`) is how first-match lists are written. Not so a wider
 * permissive rule above a narrower restrictive one: it takes part of what the narrower one is for.
 */
function takesPartOf(earlier: Rule, later: Rule): boolean {
  if (!Verdict.isPermissive(earlier.verdict) || Verdict.isPermissive(later.verdict)) return false;
  const wide = prefixTexts(earlier.compiled);
  const narrow = prefixTexts(later.compiled);
  if (wide === null || narrow === null || earlier.compiled.exact !== null) return false;
  const fold = wide.fold || narrow.fold;
  const narrowTexts = fold ? narrow.texts.map((text) => text.toLowerCase()) : narrow.texts;
  return wide.texts.some((text) => {
    const start = fold ? text.toLowerCase() : text;
    return narrowTexts.some((other) => other.startsWith(start));
  });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
