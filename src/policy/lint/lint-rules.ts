import { severity, Verdict } from '../../core/verdict.ts';
import type { CompiledPattern } from '../pattern/compile.ts';
import type { Policy } from '../policy.ts';
import type { Rule } from '../rule.ts';
import { CoverIndex } from './cover-index.ts';
import { duplicateNames, type Finding, finding, type Named, nameOf } from './finding.ts';
import { type Cover, coverOf } from './pattern-cover.ts';

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
  const covering = new CoverIndex();
  const permissive: Permissive = new Map();
  for (const [i, later] of listed.entries()) {
    const { compiled } = later.rule;
    if (later.cover.kind === 'all' && i < listed.length - 1) found.push(matchesEverything(later));
    found.push(...pairFinding(listed[covering.firstCovering(compiled) ?? -1], permissive, later));
    covering.add(i, compiled, later.cover);
    addPermissive(permissive, later);
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

/** The permissive rules so far by the literals that they begin with, in lower case. */
type Permissive = Map<string, Listed>;

/** At most one finding about an earlier rule: that it covers this one, else that it takes part of it. */
function pairFinding(covering: Listed | undefined, permissive: Permissive, later: Listed): Finding[] {
  if (covering !== undefined) return [coveredBy(covering, later)];
  const taking = Verdict.isPermissive(later.rule.verdict) ? undefined : takesPartOf(permissive, later.rule);
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

function addPermissive(permissive: Permissive, listed: Listed): void {
  const { verdict, compiled } = listed.rule;
  if (!Verdict.isPermissive(verdict) || compiled.exact !== null) return;
  for (const text of startsOf(compiled)) {
    const key = text.toLowerCase();
    if (!permissive.has(key)) permissive.set(key, listed);
  }
}

/**
 * An exception above a rule (`^/etc/hosts` above `^/etc/`) is how first-match lists are written. Not so a wider
 * permissive rule above a narrower restrictive one: it takes part of what the narrower one is for.
 */
function takesPartOf(permissive: Permissive, later: Rule): Listed | undefined {
  for (const text of startsOf(later.compiled)) {
    const key = text.toLowerCase();
    for (let length = 1; length <= key.length; length++) {
      const found = permissive.get(key.slice(0, length));
      if (found !== undefined && agreesInCase(found.rule.compiled, text)) return found;
    }
  }
  return undefined;
}

/** The texts that everything a pattern matches begins with; none when it has no literal beginning. */
function startsOf({ exact, shape }: CompiledPattern): readonly string[] {
  return exact !== null ? [exact] : (shape.prefix?.texts ?? []);
}

/** Whether the text begins as the pattern does, upper and lower case as it wants them. */
function agreesInCase({ shape }: CompiledPattern, text: string): boolean {
  const fold = shape.prefix?.fold === true;
  const begun = fold ? text.toLowerCase() : text;
  return shape.prefix?.texts.some((start) => begun.startsWith(start)) === true;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
