/** A call of this process that waits for a request. */
export interface Waiting {
  /** Reads whether the request is still pending. Never throws. */
  look(): void;
  /** Whether the time that it waits is over, by the monotonic clock. */
  isOver(): boolean;
}

/** Over all queues of this process, by the ids of requests: one decides on what another waits for. */
const waiting = new Map<string, Set<Waiting>>();

/** Has a call told when a request changes in this process; the answer ends that. */
export function hearOf(id: string, call: Waiting): () => void {
  const calls = waiting.get(id) ?? new Set();
  waiting.set(id, calls.add(call));
  return () => {
    if (calls.delete(call) && calls.size === 0) waiting.delete(id);
  };
}

/** Tells the calls that wait for a request that it changed. */
export function tellOf(id: string): void {
  for (const call of [...(waiting.get(id) ?? [])]) call.look();
}

/** Whether a call of this process has waited for a request for as long as it may. */
export function isOverHere(id: string): boolean {
  return [...(waiting.get(id) ?? [])].some((call) => call.isOver());
}
