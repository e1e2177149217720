import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { machineTime } from '../../src/approvals/machine-clock.ts';
import type { MachineTime } from '../../src/core/approval.ts';

const MODULE = fileURLToPath(new URL('../../src/approvals/machine-clock.ts', import.meta.url));

function timeInAnotherProcess(): MachineTime | null {
  const program = `import(${JSON.stringify(MODULE)}).then(({ machineTime }) => console.log(JSON.stringify(machineTime())))`;
  return JSON.parse(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }));
}

describe("the machine's clock", () => {
  it.runIf(process.platform === 'linux')('is one for all processes of a machine', () => {
    const before = machineTime();
    const elsewhere = timeInAnotherProcess();
    const after = machineTime();
    expect(elsewhere?.boot).toBe(before?.boot);
    expect(elsewhere?.at).toBeGreaterThan(before?.at ?? Number.NaN);
    expect(elsewhere?.at).toBeLessThan(after?.at ?? Number.NaN);
  });

  it('is there where the start of the machine has a name, which only Linux gives it', () => {
    expect(machineTime() !== null).toBe(process.platform === 'linux');
  });
});
