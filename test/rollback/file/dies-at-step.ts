import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** Loaded before a program: kills it without warning when it is about to change the disk for the so-and-so-manieth time. */
const CHANGING = [
  ...['writeSync', 'fsyncSync', 'ftruncateSync', 'fchmodSync', 'fchownSync', 'futimesSync', 'mkdirSync'],
  ...[
    'rmdirSync',
    'unlinkSync',
    'renameSync',
    'linkSync',
    'symlinkSync',
    'chmodSync',
    'chownSync',
    'utimesSync',
  ],
  ...['lchownSync', 'lutimesSync'],
] as const;

let left = Number(process.env.PLYRA_DIES_AT);
const step = (): void => {
  if (--left === 0) process.kill(process.pid, 'SIGKILL');
};

for (const name of CHANGING) {
  const original = fs[name] as (...given: unknown[]) => unknown;
  const wrapped = (...given: unknown[]): unknown => {
    step();
    return original(...given);
  };
  Object.assign(fs, { [name]: wrapped });
}
const open = fs.openSync;
const openSync: typeof open = (path, flags, mode) => {
  if (typeof flags === 'string' ? flags !== 'r' : (Number(flags) & fs.constants.O_CREAT) !== 0) step();
  return open(path, flags, mode);
};
Object.assign(fs, { openSync });
syncBuiltinESMExports();
