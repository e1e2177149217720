import { configFromObject, type LoadedConfig, parseConfig } from '../config/load.ts';
import { readYamlData } from '../config/yaml-data.ts';
import { messageOf } from '../core/evaluate.ts';
import type { Facts } from '../core/facts.ts';
import type { ActionIntent } from '../core/intent.ts';
import type { Verdict } from '../core/verdict.ts';
import type { ConditionTraceStep } from '../policy/conditions/trace.ts';
import { compileLayer, judgeLayers, type Layer } from '../policy/layers.ts';
import type { Match } from '../policy/match.ts';
import { printable } from './printable.ts';
import { traceLayer } from './trace-layer.ts';

/** What a snippet of policy says of one intent. */
export interface PolicyTestResult {
  /** Whether one of its rules or policies matched. */
  readonly matched: boolean;
  /** The verdict; the file's default where nothing matched; `null` where the snippet says nothing. */
  readonly verdict: Verdict | null;
  /** What was tested, in order: patterns against the intent, and every boolean part of the conditions. */
  readonly conditionTrace: readonly ConditionTraceStep[];
  /** One sentence that says it all. */
  readonly summary: string;
  /** Why the snippet cannot be used, or `null`. */
  readonly parseError: string | null;
  /** Time spent judging, without reading the snippet; milliseconds. */
  readonly evaluationTimeMs: number;
}

/** Keys of a single rule and of a single policy that a file does not have on its top level. */
const RULE_KEYS: ReadonlySet<string> = new Set(['pattern', 'action']);
const POLICY_KEYS: ReadonlySet<string> = new Set([
  'action_types',
  'condition',
  'verdict',
  'message',
  'min_trust',
  'timeout_seconds',
]);

/**
 * Judges an intent by a snippet alone: a whole file, a list of rules or policies, or one of them. `now` is in
 * milliseconds. Never throws: what is wrong with the snippet is in `parseError`.
 */
export function testSnippet(
  yamlSnippet: string,
  intent: ActionIntent,
  facts: Facts,
  now: () => number,
): PolicyTestResult {
  let read: Snippet;
  try {
    read = readSnippet(yamlSnippet);
  } catch (error) {
    return unread(messageOf(error));
  }
  try {
    return judge(read, intent, facts, now);
  } catch (error) {
    return unread(`The snippet cannot be judged: ${messageOf(error)}`);
  }
}

interface Snippet {
  readonly layers: readonly Layer[];
  /** Whether the default of the file counts; a rule on its own has none. */
  readonly whole: boolean;
}

/** The result where there is nothing to test: an intent that cannot be read is never allowed. */
export function untestable(problem: string): PolicyTestResult {
  const summary = `BLOCK: ${problem}`;
  const none = { matched: false, conditionTrace: [], parseError: null, evaluationTimeMs: 0 };
  return { ...none, verdict: 'BLOCK', summary };
}

function unread(parseError: string): PolicyTestResult {
  const summary = `The snippet cannot be used: ${parseError}`;
  return { matched: false, verdict: null, conditionTrace: [], summary, parseError, evaluationTimeMs: 0 };
}

function readSnippet(text: unknown): Snippet {
  if (typeof text !== 'string') throw new Error(`a snippet is YAML text, not ${typeof text}.`);
  const { data } = readYamlData(text, null, process.env);
  const parts = partsOf(data);
  const loaded: LoadedConfig = parts === null ? parseConfig(text) : configFromObject(parts);
  return { layers: loaded.layers.map(compileLayer), whole: parts === null };
}

/** A snippet that is no whole file, as the file that it would be in; `null` for a whole file. */
function partsOf(data: unknown): { readonly rules: never[] } | { readonly policies: never[] } | null {
  const list: unknown[] = Array.isArray(data) ? data : [data];
  const keys = list.flatMap((item) => (typeof item === 'object' && item !== null ? Object.keys(item) : []));
  // What the list holds is for the configuration's own schema to judge.
  if (keys.some((key) => RULE_KEYS.has(key))) return { rules: list as never[] };
  if (!Array.isArray(data) && !keys.some((key) => POLICY_KEYS.has(key))) return null;
  return { policies: list.map(named) as never[] };
}

/** A policy needs a name in a file, where logs tell it from others by it; in a snippet it is one of few. */
function named(policy: unknown, index: number): unknown {
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy) || 'name' in policy)
    return policy;
  return { name: index === 0 ? 'snippet' : `snippet#${index + 1}`, ...policy };
}

function judge(
  { layers, whole }: Snippet,
  intent: ActionIntent,
  facts: Facts,
  now: () => number,
): PolicyTestResult {
  const started = now();
  const match: Match | undefined = layers.length === 0 ? undefined : judgeLayers(layers, intent, facts);
  const evaluationTimeMs = Math.max(0, now() - started);
  const matched = match !== undefined && match.result.metadata.defaulted !== true;
  const verdict = match !== undefined && (matched || whole) ? match.result.verdict : null;
  return {
    matched,
    verdict,
    conditionTrace: layers.flatMap((layer) => traceLayer(layer, intent, facts)),
    summary: summaryOf(match, matched, verdict),
    parseError: null,
    evaluationTimeMs,
  };
}

function summaryOf(match: Match | undefined, matched: boolean, verdict: Verdict | null): string {
  if (match === undefined || verdict === null)
    return 'Nothing in the snippet matches this intent: it has no opinion.';
  const { reason, metadata } = match.result;
  if (!matched) return `${verdict} by default: ${printable(reason)}`;
  return `${verdict} by "${printable(metadata.ruleName ?? '')}"${reason === '' ? '.' : `: ${printable(reason)}`}`;
}
