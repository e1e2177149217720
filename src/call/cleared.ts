import type { EvaluationResult } from '../core/result.ts';
import type { Reservation } from '../limits/limiter.ts';
import type { Capture } from './captured.ts';
import type { ReadCall } from './intent-of-call.ts';
import type { RecordBodies } from './record-body.ts';
import type { ToolCall } from './tool.ts';

/** A call that is decided, reserved and journaled. */
export interface Cleared {
  readonly call: ToolCall;
  readonly read: ReadCall;
  readonly decision: EvaluationResult;
  readonly bodies: RecordBodies;
  /** The policy revision that judged. */
  readonly revision: string;
  readonly reservation: Reservation | null;
  /** What it takes to undo it. */
  readonly capture: Capture;
}
