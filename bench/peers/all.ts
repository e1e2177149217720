import type { Peer } from '../peer.ts';
import { agentGovernance } from './agent-governance.ts';
import { casbin } from './casbin.ts';
import { cedar } from './cedar.ts';
import { cel } from './cel.ts';
import { jsonRulesEngine } from './json-rules-engine.ts';
import { native } from './native.ts';
import { plyra } from './plyra.ts';

/** Ours first, then the others in the order of the tables. */
export const peers: readonly [ours: Peer, ...others: Peer[]] = [
  plyra,
  native,
  cedar,
  casbin,
  jsonRulesEngine,
  cel,
  agentGovernance,
];
