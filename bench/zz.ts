import { mkdtempSync } from 'node:fs';
import { ActionGuard } from 'plyra-guard';
import { guardInMemory, hundredRules, timeSyncCalls } from './guarded-call.ts';

const g = guardInMemory();
console.log('memory', timeSyncCalls(g, 30000));
const folder = mkdtempSync('/tmp/t1/bench-');
const guard = new ActionGuard({ policy: hundredRules(), snapshotPath: folder + '/j.db' });
const cpu = process.cpuUsage();
console.log('disk', timeSyncCalls(guard, 30000));
const used = process.cpuUsage(cpu);
console.log('cpu/call', used.user / 60000, used.system / 60000);
await guard.close();
