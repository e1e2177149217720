import type { ActionIntent } from '../core/intent.ts';
import type { Layer } from '../policy/layers.ts';

/** Longest intent that a suggested pattern spells out in full, in characters. */
const MOST = 60;

/**
 * A rule in YAML, ready to paste, for an action that only a default decided: one that turns the decision round.
 * It is as narrow as can be; the author widens it.
 */
export function ruleToAdd(intent: ActionIntent, layers: readonly Layer[], allowed: boolean): string[] {
  const { intent: text, actionType } = intent;
  const hasRules = layers.length === 0 || layers.some((layer) => layer.policy !== null);
  const reason = allowed ? 'why it must not happen' : 'why it may happen';
  if (hasRules && text !== '') {
    return [
      'rules:',
      `  - pattern: ${patternFor(text)}`,
      `    action: ${allowed ? 'block' : 'allow'}`,
      `    reason: ${reason}`,
    ];
  }
  const name = `${allowed ? 'no' : 'allow'}-${actionType.replace(/[^\w.-]+/g, '-').slice(0, MOST)}`;
  return [
    'policies:',
    `  - name: ${name}`,
    `    action_types: [${JSON.stringify(actionType.slice(0, MOST))}]`,
    `    verdict: ${allowed ? 'BLOCK' : 'ALLOW'}`,
    `    message: ${reason}`,
  ];
}

/** A single-quoted YAML text: the pattern for exactly this intent, or for its beginning when it is long. */
function patternFor(text: string): string {
  const characters = [...text.slice(0, 2 * MOST)];
  const whole = characters.length <= MOST && text.length <= 2 * MOST;
  const literal = characters.slice(0, MOST).map(escapeCharacter).join('');
  return `'${`^${literal}${whole ? '$' : ''}`.replaceAll("'", "''")}'`;
}

function escapeCharacter(character: string): string {
  if (/[\\^$.|?*+()[\]{}#]/.test(character)) return `\\${character}`;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || (code >= 0x7f && code <= 0xff)) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code <= 0x7e || /[\p{L}\p{N}]/u.test(character)) return character;
  return code <= 0xffff
    ? `\\u${code.toString(16).padStart(4, '0')}`
    : `\\U${code.toString(16).padStart(8, '0')}`;
}
