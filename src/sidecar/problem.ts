import {
  ActionGuardError,
  ApprovalError,
  ConfigError,
  RollbackError,
  SnapshotNotFoundError,
} from '../core/errors.ts';

/** What went wrong, as RFC 9457 says it. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** In plain words, with how to fix it. */
  readonly detail: string;
  /** Where the request is wrong. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[] | undefined;
}

const TITLES: Readonly<Record<number, string>> = Object.freeze({
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Body too large',
  415: 'Wrong content type',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not available',
});

/** Thrown where a request cannot be answered; its text goes to the client. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    detail: string,
    more: {
      readonly errors?: Problem['errors'];
      readonly headers?: Readonly<Record<string, string>> | undefined;
    } = {},
  ) {
    super(detail);
    const title = TITLES[status] ?? 'Problem';
    const type = `urn:plyra-guard:problem:${title.toLowerCase().replaceAll(' ', '-')}`;
    this.problem = {
      type,
      title,
      status,
      detail,
      ...(more.errors === undefined ? {} : { errors: more.errors }),
    };
    this.headers = more.headers ?? {};
  }
}

/** How each thing that can be wrong with a decision is answered. */
const APPROVAL_STATUS: Readonly<Record<string, number>> = Object.freeze({
  unknown: 404,
  not_pending: 409,
  expired: 409,
  voted: 409,
  busy: 409,
  changed: 409,
  own_request: 403,
  not_approver: 403,
  unsigned: 403,
  bad_signature: 403,
  closed: 503,
});

/**
 * What a client is told of an error. Of one that nobody foresaw it is told nothing but that there is one: its message may
 * name files of this machine.
 */
export function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof ApprovalError) {
    return new ProblemError(APPROVAL_STATUS[String(error.details.problem)] ?? 400, error.message);
  }
  if (error instanceof SnapshotNotFoundError || error instanceof RollbackError) {
    return new ProblemError(409, error.message);
  }
  if (error instanceof ConfigError) return new ProblemError(400, error.message);
  return new ProblemError(500, 'The sidecar could not answer this. Its own output says why.');
}

/** True for an error whose cause only the operator may see. */
export function isUnforeseen(error: unknown): boolean {
  return !(error instanceof ProblemError) && !(error instanceof ActionGuardError);
}
