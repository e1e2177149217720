/** Facts about an error that a program can read. Plain data. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** Base of everything that plyra-guard throws. `code` is stable; `details` is plain data. */
export class ActionGuardError extends Error {
  static readonly code: string = 'ACTION_GUARD';
  /** Stable, upper case, e.g. `CONFIG_VALIDATION`. */
  readonly code: string;
  readonly details: ErrorDetails;

  constructor(message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = new.target.code;
    this.details = details;
    this.name = new.target.errorName;
  }

  /** The class name as documented; kept apart from `constructor.name`, which bundlers rename. */
  static readonly errorName: string = 'ActionGuardError';
}

/** A tool ran longer than its `timeoutMs`; its AbortSignal has fired. `details.timeoutMs`. */
export class ExecutionTimeoutError extends ActionGuardError {
  static override readonly code = 'EXECUTION_TIMEOUT';
  static override readonly errorName = 'ExecutionTimeoutError';
}

/**
 * A decision on a request for approval, or a wait for one, that cannot be. `details.approvalId`, `details.problem` says
 * what is wrong in a word, `details.state` where the request is in its life.
 */
export class ApprovalError extends ActionGuardError {
  static override readonly code = 'APPROVAL';
  static override readonly errorName = 'ApprovalError';
}

/**
 * An access token that is not accepted, or that cannot be made or revoked. `details.problem` says what is wrong in a
 * word. No message and no detail holds a token's text.
 */
export class AccessTokenError extends ActionGuardError {
  static override readonly code = 'ACCESS_TOKEN';
  static override readonly errorName = 'AccessTokenError';
}

/** Base of errors in rules and conditions. */
export class PolicyError extends ActionGuardError {
  static override readonly code: string = 'POLICY';
  static override readonly errorName: string = 'PolicyError';
}

/** A rule, a pattern or a snippet cannot be read. */
export class PolicyParseError extends PolicyError {
  static override readonly code = 'POLICY_PARSE';
  static override readonly errorName = 'PolicyParseError';
}

/** A policy's condition is not a valid expression. `details.offset` counts from 0 in the condition. */
export class PolicyConditionError extends PolicyError {
  static override readonly code = 'POLICY_CONDITION';
  static override readonly errorName = 'PolicyConditionError';
}

/** Where an error was found in a file. Lines and columns count from 1; `undefined` where not known. */
export interface ErrorPlace {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** Base of configuration errors. Carries file, line and column where known, also within the message. */
export class ConfigError extends ActionGuardError {
  static override readonly code: string = 'CONFIG';
  static override readonly errorName: string = 'ConfigError';
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(message: string, place: ErrorPlace = {}, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, { ...details, ...place }, options);
    this.file = place.file;
    this.line = place.line;
    this.column = place.column;
  }
}

/** A configuration file does not exist or cannot be read. */
export class ConfigFileNotFoundError extends ConfigError {
  static override readonly code = 'CONFIG_FILE_NOT_FOUND';
  static override readonly errorName = 'ConfigFileNotFoundError';
}

/** A value in a configuration is of the right shape but not acceptable. */
export class ConfigValidationError extends ConfigError {
  static override readonly code = 'CONFIG_VALIDATION';
  static override readonly errorName = 'ConfigValidationError';
}

/** A configuration has the wrong shape: unreadable YAML, an unknown key, a wrong type. */
export class ConfigSchemaError extends ConfigError {
  static override readonly code = 'CONFIG_SCHEMA';
  static override readonly errorName = 'ConfigSchemaError';
}

/** Base of errors while undoing an action. */
export class RollbackError extends ActionGuardError {
  static override readonly code: string = 'ROLLBACK';
  static override readonly errorName: string = 'RollbackError';
}

/** No handler can undo this type of action. */
export class RollbackHandlerNotFoundError extends RollbackError {
  static override readonly code = 'ROLLBACK_HANDLER_NOT_FOUND';
  static override readonly errorName = 'RollbackHandlerNotFoundError';
}

/** No snapshot was captured for this action. */
export class SnapshotNotFoundError extends RollbackError {
  static override readonly code = 'SNAPSHOT_NOT_FOUND';
  static override readonly errorName = 'SnapshotNotFoundError';
}

/** This action cannot be undone. A rollback handler throws it while it captures; the message says why. */
export class IrreversibleError extends RollbackError {
  static override readonly code = 'IRREVERSIBLE';
  static override readonly errorName = 'IrreversibleError';
}

/**
 * The tool ran in a transaction that a rollback handler had begun, and that could not be committed: nothing of what it did
 * is left. The message and `cause` say why.
 */
export class ActNotKeptError extends RollbackError {
  static override readonly code = 'ACT_NOT_KEPT';
  static override readonly errorName = 'ActNotKeptError';
}

/** The earlier state could not be put back. */
export class RollbackFailedError extends RollbackError {
  static override readonly code = 'ROLLBACK_FAILED';
  static override readonly errorName = 'RollbackFailedError';
}

/** `delegate()` named an agent that is not registered while others are. `details.agentId`. */
export class AgentNotRegisteredError extends ActionGuardError {
  static override readonly code = 'AGENT_NOT_REGISTERED';
  static override readonly errorName = 'AgentNotRegisteredError';
}

/** `wrap()` was given something that no adapter recognises as a tool. */
export class AdapterNotFoundError extends ActionGuardError {
  static override readonly code = 'ADAPTER_NOT_FOUND';
  static override readonly errorName = 'AdapterNotFoundError';
}

/** A tool was recognised but could not be wrapped. */
export class AdapterWrappingError extends ActionGuardError {
  static override readonly code = 'ADAPTER_WRAPPING';
  static override readonly errorName = 'AdapterWrappingError';
}

/** An exporter was given options that it cannot work with. */
export class ExporterError extends ActionGuardError {
  static override readonly code = 'EXPORTER';
  static override readonly errorName = 'ExporterError';
}

/** Base of sidecar errors. */
export class SidecarError extends ActionGuardError {
  static override readonly code: string = 'SIDECAR';
  static override readonly errorName: string = 'SidecarError';
}

/** The sidecar could not start, e.g. because its port is taken. */
export class SidecarStartupError extends SidecarError {
  static override readonly code = 'SIDECAR_STARTUP';
  static override readonly errorName = 'SidecarStartupError';
}
