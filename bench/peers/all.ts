import type { Peer } from '../peer.ts';
import { agentGovernance } from './agent-governance.ts';
import { casbin } from './casbin.ts';
import { cedar } from './cedar.ts';
import { cel } from './cel.ts';
import { jsonRulesEngine } from './json-rules-engine.ts';
import { native } from './native.ts';
import { plyra, plyraRules } from './plyra.ts';

/** Ours: a whole `evaluate`, and the rule list by itself. */
export const ours: readonly [whole: Peer, bare: Peer] = [plyra, plyraRules];

/** What ours are compared with. */
export const others: readonly Peer[] = [native, cedar, casbin, jsonRulesEngine, cel, agentGovernance];

/** All rows, in the order of the tables. */
export const peers: readonly Peer[] = [...ours, ...others];
