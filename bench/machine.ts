import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import type { Peer } from './peer.ts';

/** What the figures were taken on, as words for the page. */
export function describeMachine(): readonly string[] {
  const cores = cpus();
  return [
    cores[0]?.model.trim() ?? 'unknown processor',
    `${cores.length} cores`,
    `${Math.round(totalmem() / 2 ** 30)} GB`,
    `Node ${process.version}`,
    `${process.platform} ${process.arch}`,
  ];
}

/** The installed version of each peer, by name. What comes with Node has Node's. */
export function versionsOf(peers: readonly Peer[]): ReadonlyMap<string, string> {
  return new Map(peers.map((peer) => [peer.name, versionOf(peer)]));
}

function versionOf({ packageName }: Peer): string {
  if (packageName === null) return `V8 ${process.versions.v8}`;
  const folder = packageName === 'plyra-guard' ? '../' : `../node_modules/${packageName}/`;
  const manifest: unknown = JSON.parse(
    readFileSync(new URL(`${folder}package.json`, import.meta.url), 'utf8'),
  );
  const isRecord = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isRecord ? String(manifest.version) : '';
}
