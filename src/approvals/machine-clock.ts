import { readFileSync, readlinkSync } from 'node:fs';
import type { MachineTime } from '../core/approval.ts';

/** A new one at every start of the machine. */
const BOOT_ID = '/proc/sys/kernel/random/boot_id';
/** Processes whose monotonic clocks are set apart lie in other time namespaces. */
const TIME_NAMESPACE = '/proc/self/ns/time';

let known: { readonly boot: string | null } | undefined;

/**
 * Now, by the clock of this machine that nobody sets; `null` where processes have none in common, or the machine's start
 * has no name, which is everywhere but on Linux.
 */
export function machineTime(): MachineTime | null {
  known ??= { boot: process.platform === 'linux' ? bootName() : null };
  if (known.boot === null) return null;
  return { boot: known.boot, at: Number(process.hrtime.bigint()) / 1e6 };
}

function bootName(): string | null {
  try {
    const boot = readFileSync(BOOT_ID, 'utf8').trim();
    return boot === '' ? null : `${boot} ${timeNamespace()}`.trim();
  } catch {
    return null;
  }
}

/** '' for a kernel without them. */
function timeNamespace(): string {
  try {
    return readlinkSync(TIME_NAMESPACE);
  } catch {
    return '';
  }
}
