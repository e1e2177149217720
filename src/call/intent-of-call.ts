import { type ArgumentKind, type ArgumentKinds, familyOf } from '../core/argument-kind.ts';
import { ignoreRejection, isThenable } from '../core/awaitable.ts';
import { messageOf } from '../core/evaluate.ts';
import type { ActionIntent, ActionIntentInput } from '../core/intent.ts';
import { IntentArguments } from '../core/intent-arguments.ts';
import { bareSource, type IntentSource, NO_SOURCE } from '../core/intent-source.ts';
import { freshCopy, isPlainObject, privateCopy, setOwn } from '../core/private-copy.ts';
import type { RunningContext } from './context.ts';
import type { IntentFn, ToolCall, ToolSpec } from './tool.ts';

/** What making an intent needs from outside. */
export interface IntentSources {
  readonly newId: () => string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Kinds declared in configuration (`tools:`), by tool name. */
  readonly kindsOf: (toolName: string) => ArgumentKinds | undefined;
}

/** A call that has been read: what will be judged, and the very arguments that would run. */
export interface ReadCall {
  readonly intent: ActionIntent;
  /** Where the intent string came from. */
  readonly source: IntentSource;
  /** Private copies, in call order. */
  readonly args: readonly unknown[];
  /** The tool's own copy, when it must be made before anybody sees `args`: a Map or a Date cannot be frozen. */
  readonly ownArgs: readonly unknown[] | null;
  /** Arguments passed by reference, which rules cannot see into. */
  readonly opaque: readonly string[];
  /** The agent that began the delegation chain, or `null`. */
  readonly origin: string | null;
  /** Which delegation in progress this is, counted from 1; 0 outside of any. */
  readonly delegationSlot: number;
  /** Why the call could not be read; it is then refused. */
  readonly problem: string | null;
}

const EMPTY: Readonly<Record<string, never>> = Object.freeze({});
const NO_LIST: readonly never[] = Object.freeze([]);

/** Reads a call: copies its arguments once, names them, and makes the intent string. Never throws. */
export function readCall(call: ToolCall, sources: IntentSources): ReadCall {
  try {
    const { value: args, opaque, mutable } = privateCopy(call.args);
    const ownArgs = mutable ? freshCopy(args) : null;
    const parameters = namedParameters(args, call.spec.params);
    const named = argumentsOf(call.spec, args, parameters, sources);
    const text = textOf(call.spec, args, parameters, named, mutable);
    const intent = intentOf(call, parameters, text, sources);
    return {
      origin: call.context.originAgentId ?? null,
      delegationSlot: call.context.delegationSlot ?? 0,
      intent,
      source: sourceOf(call.spec, args, named),
      args,
      ownArgs,
      opaque,
      problem: null,
    };
  } catch (error) {
    return unread(intentOf(call, EMPTY, '', sources), call.context, messageOf(error));
  }
}

/**
 * The arguments by name: the single object argument, else positional ones named by `params`, else `arg0`, `arg1`….
 * Without `params`, the members of a first object argument stand beside those names too, so that a condition on
 * `parameters.path` sees the path however many arguments follow. Arguments that are `undefined` at the end are not there.
 */
function namedParameters(
  all: readonly unknown[],
  params: readonly string[] | undefined,
): Readonly<Record<string, unknown>> {
  const [first] = all;
  const members = typeof first === 'object' && first !== null && isPlainObject(first) ? first : undefined;
  const count = all.findLastIndex((value) => value !== undefined) + 1;
  if (count === 1 && members !== undefined) return members;
  const args = all.slice(0, count);
  const named: Record<string, unknown> = {};
  for (const [i, value] of args.entries()) {
    const name = params?.[i] ?? `arg${i}`;
    // A second argument of the same name would hide the first one from every rule.
    if (Object.hasOwn(named, name)) throw new Error(`two of them are called \`${name}\`; see \`params\``);
    setOwn(named, name, value);
  }
  if (params === undefined && members !== undefined) {
    for (const [name, value] of Object.entries(members))
      if (!Object.hasOwn(named, name)) setOwn(named, name, value);
  }
  return Object.freeze(named);
}

/** The string arguments, in the order in which they were declared. */
function argumentsOf(
  { params, kinds: own, toolName, family }: ToolSpec,
  args: readonly unknown[],
  parameters: Readonly<Record<string, unknown>>,
  sources: IntentSources,
): IntentArguments {
  const configured = sources.kindsOf(toolName);
  const kinds =
    own === undefined || configured === undefined ? (own ?? configured) : { ...configured, ...own };
  if (parameters === args[0]) return new IntentArguments(parameters, { declared: params, kinds, family });
  const names = positionsOf(args, params).filter((name) => Object.hasOwn(parameters, name));
  const positional = Object.fromEntries(names.map((name) => [name, parameters[name]]));
  return new IntentArguments(positional, { declared: names, kinds, family });
}

function positionsOf(args: readonly unknown[], params: readonly string[] | undefined): string[] {
  return args.map((_, i) => params?.[i] ?? `arg${i}`);
}

function textOf(
  { intentFn }: ToolSpec,
  args: readonly unknown[],
  parameters: Readonly<Record<string, unknown>>,
  named: IntentArguments,
  mutable: boolean,
): string {
  if (intentFn === undefined) return named.text;
  // What cannot be frozen is shown as a copy: an intentFn that changes a Map must not change what is judged.
  return mutable
    ? callIntentFn(intentFn, freshCopy(args), freshCopy(parameters))
    : callIntentFn(intentFn, args, parameters);
}

function sourceOf(
  { intentFn, params }: ToolSpec,
  args: readonly unknown[],
  named: IntentArguments,
): IntentSource {
  if (intentFn === undefined) return joinedSource(named, true);
  const names = positionsOf(args, params);
  const isObject = args.length === 1 && typeof args[0] === 'object';
  const respell: IntentSource['respell'] = (form) => {
    const parameters = named.withTyped((text, _, name) => form({ name, text }));
    const respelled = isObject
      ? [parameters]
      : args.map((arg, i) => (Object.hasOwn(parameters, names[i] ?? '') ? parameters[names[i] ?? ''] : arg));
    return callIntentFn(intentFn, Object.freeze(respelled), parameters);
  };
  return { ...NO_SOURCE, arguments: named, respell };
}

function callIntentFn(
  intentFn: IntentFn,
  args: readonly unknown[],
  parameters: Readonly<Record<string, unknown>>,
): string {
  let text: unknown;
  try {
    text = intentFn(args, parameters);
  } catch (error) {
    throw new Error(`intentFn threw: ${messageOf(error)}`);
  }
  if (isThenable(text)) ignoreRejection(text);
  if (typeof text !== 'string') throw new Error(`intentFn must return a string, not ${typeof text}`);
  return text;
}

function intentOf(
  { spec, context, callId }: ToolCall,
  parameters: Readonly<Record<string, unknown>>,
  intent: string,
  sources: IntentSources,
): ActionIntent {
  return {
    actionType: spec.actionType,
    toolName: spec.toolName,
    parameters,
    agentId: context.agentId ?? 'default',
    taskContext: context.taskContext ?? '',
    actionId: sources.newId(),
    taskId: context.taskId ?? null,
    sessionId: context.sessionId ?? null,
    timestamp: new Date(sources.now()),
    estimatedCost: spec.estimatedCost,
    riskLevel: spec.riskLevel,
    instructionChain: context.instructionChain ?? NO_LIST,
    metadata: EMPTY,
    intent,
    callId,
    principal: context.principal ?? null,
    tags: spec.tags,
    framework: spec.framework,
  };
}

/**
 * The intent that a dry run judges. A string is the intent string itself, read as `as`; an object is completed with the
 * defaults and the present context. Parameters that cannot be copied become the call's problem. Never throws.
 */
export function readInput(
  input: string | ActionIntentInput,
  context: RunningContext,
  sources: IntentSources,
  as?: ArgumentKind,
): ReadCall {
  if (typeof input === 'string') {
    const intent = intentOfInput(textInput(input), EMPTY, input, context, sources);
    return { ...unread(intent, context, null), source: bareSource(input, as) };
  }
  try {
    const parameters = parametersOf(input);
    const source = sourceOfInput(input, parameters, sources);
    const intent = intentOfInput(input, parameters, input.intent ?? source.arguments.text, context, sources);
    return { ...unread(intent, context, null), source };
  } catch (error) {
    return unread(intentOfInput(textInput(''), EMPTY, '', context, sources), context, messageOf(error));
  }
}

function parametersOf({ parameters }: ActionIntentInput): ActionIntent['parameters'] {
  const given: unknown = parameters === undefined ? EMPTY : parameters;
  return (given === EMPTY ? EMPTY : privateCopy(given).value) as ActionIntent['parameters'];
}

// A literal: the same from a spread takes ten times as long.
function joinedSource(named: IntentArguments, isJoined: boolean): IntentSource {
  return { arguments: named, readAs: null, isGuess: false, respell: null, isJoined };
}

function sourceOfInput(
  { actionType, toolName = actionType, intent }: ActionIntentInput,
  parameters: ActionIntent['parameters'],
  sources: IntentSources,
): IntentSource {
  if (typeof parameters !== 'object' || parameters === null || !isPlainObject(parameters)) return NO_SOURCE;
  const kinds = typeof toolName === 'string' ? sources.kindsOf(toolName) : undefined;
  const name = typeof toolName === 'string' ? toolName : '';
  const family = typeof actionType === 'string' ? familyOf(actionType, name) : null;
  const named = new IntentArguments(parameters, { kinds, family });
  return joinedSource(named, intent === undefined || intent === named.text);
}

/** A call without arguments to run. */
function unread(intent: ActionIntent, context: RunningContext, problem: string | null): ReadCall {
  return {
    origin: context.originAgentId ?? null,
    delegationSlot: context.delegationSlot ?? 0,
    intent,
    source: NO_SOURCE,
    args: NO_LIST,
    ownArgs: null,
    opaque: NO_LIST,
    problem,
  };
}

function textInput(intent: string): ActionIntentInput {
  return { actionType: 'intent', toolName: 'intent', parameters: EMPTY, intent };
}

function intentOfInput(
  input: ActionIntentInput,
  parameters: ActionIntent['parameters'],
  text: string,
  context: RunningContext,
  sources: IntentSources,
): ActionIntent {
  return {
    actionType: input.actionType,
    toolName: input.toolName ?? input.actionType,
    parameters,
    agentId: input.agentId ?? context.agentId ?? 'default',
    taskContext: input.taskContext ?? context.taskContext ?? '',
    actionId: input.actionId ?? sources.newId(),
    taskId: input.taskId ?? context.taskId ?? null,
    sessionId: input.sessionId ?? context.sessionId ?? null,
    timestamp: input.timestamp ?? new Date(sources.now()),
    estimatedCost: input.estimatedCost ?? 0,
    riskLevel: input.riskLevel ?? 'MEDIUM',
    instructionChain: input.instructionChain ?? context.instructionChain ?? NO_LIST,
    metadata: input.metadata === undefined ? EMPTY : privateCopy(input.metadata).value,
    intent: text,
    callId: input.callId ?? null,
    principal: input.principal ?? context.principal ?? null,
    tags: input.tags ?? NO_LIST,
    framework: input.framework ?? null,
  };
}
