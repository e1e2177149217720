import { readFileSync, readlinkSync } from 'node:fs';

/** Columns of `/proc/<pid>/stat` behind the name of the program: the 22nd of all is when the process started. */
const START_TIME = 22 - 3;

/**
 * Which life of a process id it is: the boot, the process namespace and the process's start in ticks since the boot,
 * separated by colons. `null` where it cannot be told (only Linux tells).
 */
export function incarnationOf(pid: number | 'self'): string | null {
  const boot = bootId();
  const namespace = ownNamespace();
  const start = startTime(pid);
  return boot === null || namespace === null || start === null ? null : `${boot}:${namespace}:${start}`;
}

/**
 * Whether the process with this id is the one that told its incarnation; `null` where that cannot be told, because it
 * or this process does not say, or because it counts its process ids by itself (another container).
 */
export function isSameLife(pid: number, incarnation: string | null): boolean | null {
  const [boot, namespace, start] = incarnation?.split(':') ?? [];
  const ownBoot = bootId();
  if (boot === undefined || namespace === undefined || start === undefined || ownBoot === null) return null;
  if (boot !== ownBoot) return false;
  if (namespace !== ownNamespace()) return null;
  const startNow = startTime(pid);
  return startNow === null ? null : startNow === start;
}

/** True where the process ids of an incarnation are counted by somebody else than this process's. */
export function isForeignNamespace(incarnation: string | null): boolean {
  const namespace = incarnation?.split(':')[1];
  return namespace !== undefined && namespace !== ownNamespace();
}

function bootId(): string | null {
  return orNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
}

function ownNamespace(): string | null {
  return orNull(() => /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? null);
}

function startTime(pid: number | 'self'): string | null {
  return orNull(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name stands in parentheses and may hold anything, parentheses and blanks too.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START_TIME] ?? null;
  });
}

function orNull(read: () => string | null): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
