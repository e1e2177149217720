import type { Peer } from '../peer.ts';
import { agentGovernance } from './agent-governance.ts';
import { casbin } from './casbin.ts';
import { cedar } from './cedar.ts';
import { cel } from './cel.ts';
import { jsonRulesEngine } from './json-rules-engine.ts';
import { native } from './native.ts';
import { plyra, plyraList, plyraPolicy } from './plyra.ts';

/** Ours, from a whole `evaluate` to the list of rules by itself. */
export const ours: readonly Peer[] = [plyra, plyraPolicy, plyraList];

/** What ours are compared with. */
export const others: readonly Peer[] = [native, cedar, casbin, jsonRulesEngine, cel, agentGovernance];

/** All rows, in the order of the tables. */
export const peers: readonly Peer[] = [...ours, ...others];
