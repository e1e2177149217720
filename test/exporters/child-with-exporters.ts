/** A process with 600 calls and a sidecar at `argv[2]`. With `close` it closes its guard. At its end it prints a count. */
import { SidecarExporter } from '../../src/exporters.ts';
import { ActionGuard, Policy } from '../../src/index.ts';

const [url = '', end] = process.argv.slice(2);
const guard = new ActionGuard({
  snapshotPath: null,
  policy: new Policy({ rules: [], defaultAction: 'allow' }),
  exporters: [new SidecarExporter({ url: new URL('/', url).href, token: 't' })],
});
process.on('exit', () => console.log('delivered', guard.getMetrics().exporters.sidecar?.delivered));
const call = guard.wrap((text: string) => text);
for (let i = 0; i < 600; i++) call('hello');
if (end === 'close') await guard.close();
