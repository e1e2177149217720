import type { ArgumentKinds } from '../core/argument-kind.ts';
import { ignoreRejection, isThenable } from '../core/awaitable.ts';
import { messageOf } from '../core/evaluate.ts';
import type { ActionIntent, ActionIntentInput } from '../core/intent.ts';
import { intentText } from '../core/intent-text.ts';
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
    const text = textOf(call.spec, args, parameters, sources, mutable);
    const intent = intentOf(call, parameters, text, sources);
    return {
      origin: call.context.originAgentId ?? null,
      delegationSlot: call.context.delegationSlot ?? 0,
      intent,
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

function textOf(
  spec: ToolSpec,
  args: readonly unknown[],
  parameters: Readonly<Record<string, unknown>>,
  sources: IntentSources,
  mutable: boolean,
): string {
  if (spec.intentFn !== undefined) {
    // What cannot be frozen is shown as a copy: an intentFn that changes a Map must not change what is judged.
    return mutable
      ? callIntentFn(spec.intentFn, freshCopy(args), freshCopy(parameters))
      : callIntentFn(spec.intentFn, args, parameters);
  }
  const kinds = spec.kinds ?? sources.kindsOf(spec.toolName);
  if (parameters === args[0]) return intentText(parameters, { declared: spec.params, kinds });
  const names = args
    .map((_, i) => spec.params?.[i] ?? `arg${i}`)
    .filter((name) => Object.hasOwn(parameters, name));
  const positional = Object.fromEntries(names.map((name) => [name, parameters[name]]));
  return intentText(positional, { declared: names, kinds });
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
 * The intent that a dry run judges. A string is the intent string itself; an object is completed with the defaults
 * and the present context. Parameters that cannot be copied become the call's problem. Never throws.
 */
export function readInput(
  input: string | ActionIntentInput,
  context: RunningContext,
  sources: IntentSources,
): ReadCall {
  try {
    const given = typeof input === 'string' ? textInput(input) : input;
    return unread(intentOfInput(given, context, sources), context, null);
  } catch (error) {
    return unread(intentOfInput(textInput(''), context, sources), context, messageOf(error));
  }
}

/** A call without arguments to run. */
function unread(intent: ActionIntent, context: RunningContext, problem: string | null): ReadCall {
  return {
    origin: context.originAgentId ?? null,
    delegationSlot: context.delegationSlot ?? 0,
    intent,
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
  context: RunningContext,
  sources: IntentSources,
): ActionIntent {
  const given: unknown = input.parameters === undefined ? EMPTY : input.parameters;
  const parameters = (given === EMPTY ? EMPTY : privateCopy(given).value) as ActionIntent['parameters'];
  const toolName = input.toolName ?? input.actionType;
  const readable = typeof parameters === 'object' && parameters !== null && isPlainObject(parameters);
  const kinds = typeof toolName === 'string' ? sources.kindsOf(toolName) : undefined;
  return {
    actionType: input.actionType,
    toolName,
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
    intent: input.intent ?? (readable ? intentText(parameters, { kinds }) : ''),
    callId: input.callId ?? null,
    principal: input.principal ?? context.principal ?? null,
    tags: input.tags ?? NO_LIST,
    framework: input.framework ?? null,
  };
}
