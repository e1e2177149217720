import { describe, expect, it } from 'vitest';
import { configFromObject, parseConfig } from '../../src/config/load.ts';

const VALUES = { SECRET: 'x-9.q', NUMBER: '7', ACTION: 'block', KIND: 'file.*', BASE: 'base', NAME: 'mine' };
const read = (text: string) => parseConfig(text, { env: VALUES });

describe('the layers as written', () => {
  it('have what a file says, whatever its variables stand for', () => {
    const loaded = read(`name: "\${NAME}"
default_action: "\${ACTION}"
global: {default_verdict: "\${NOPE:-BLOCK}"}
rules:
  - pattern: 'to \${SECRET}'
    action: \${ACTION}
    reason: "no\\tpart of \${SECRET} \${NOPE:-at all}"
    defer_seconds: \${NUMBER}
`);
    expect(loaded.layers[0]).toMatchObject({ name: 'mine', rules: [{ pattern: 'to x\\-9\\.q' }] });
    expect(loaded.layersAsWritten).toEqual([
      {
        name: `\${NAME}`,
        source: null,
        defaultAction: `\${ACTION}`,
        defaultVerdict: `\${NOPE:-BLOCK}`,
        hasRules: true,
        policies: [],
        rules: [
          {
            pattern: `to \${SECRET}`,
            action: `\${ACTION}`,
            reason: `no\tpart of \${SECRET} \${NOPE:-at all}`,
            deferSeconds: `\${NUMBER}`,
            position: { file: null, line: 5, column: 14 },
          },
        ],
      },
    ]);
  });

  it('tell a variable from a text that looks like one', () => {
    const [layer] = read(
      `rules: [{pattern: x, action: block, reason: '$\${SECRET} and \${SECRET}', suggestion: '$\${SECRET}'}]`,
    ).layersAsWritten;
    expect(layer).toMatchObject({
      rules: [{ reason: `$\${SECRET} and \${SECRET}`, suggestion: `$\${SECRET}` }],
    });
  });

  it('have what a policy takes over as its parent writes it, and nothing that it replaces', () => {
    const [layer] = read(`policies:
  - &base
    name: "\${BASE}"
    action_types: [net.*, "\${KIND}"]
    condition: parameters.key == '\${SECRET}'
    message: about \${SECRET}
  - {name: child, extends: "\${BASE}", message: plain}
  - {<<: *base, name: merged}
`).layersAsWritten;
    const inherited = { actionTypes: ['net.*', `\${KIND}`], condition: `parameters.key == '\${SECRET}'` };
    expect(layer).toMatchObject({
      policies: [
        { ...inherited, name: `\${BASE}`, message: `about \${SECRET}` },
        { ...inherited, name: 'child', message: 'plain' },
        { ...inherited, name: 'merged', message: `about \${SECRET}` },
      ],
    });
    expect(JSON.stringify(layer)).not.toContain('extends');
  });

  it('are the layers themselves where there are no variables', () => {
    const rules = [{ pattern: `\${SECRET}`, action: 'block' }] as const;
    const ofObject = configFromObject({ rules });
    expect(ofObject.layersAsWritten).toEqual(ofObject.layers);
    const ofText = read('{rules: [{pattern: x, action: block}], policies: [{name: p, condition: "True"}]}');
    expect(ofText.layersAsWritten).toEqual(ofText.layers);
  });
});
