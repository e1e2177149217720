/** A process that exports to stderr; with `pipe` to a stdout that nobody reads any more. */
import { StdoutExporter } from '../../src/exporters/stdout.ts';
import { entryOf } from '../../src/testing/exporter/entries.ts';

if (process.argv[2] === 'pipe') {
  const exporter = new StdoutExporter();
  for (let i = 0; i < 2_000; i++) exporter.export(entryOf(`to-stdout-${i}`));
  await exporter.close();
  console.error('alive');
} else {
  const exporter = new StdoutExporter({ stream: 'stderr' });
  exporter.export(entryOf('to-stderr'));
  await exporter.close();
}
