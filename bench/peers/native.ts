import type { Peer } from '../peer.ts';
import { regexOf } from '../workload.ts';

/** An array of RegExp objects, tested in order: what one writes by hand. No guard around it, and it can backtrack. */
export const native: Peer = {
  name: 'native RegExp loop',
  packageName: null,
  scope: 'list',
  setup: async ({ rules }) => {
    const patterns = rules.map((rule) => new RegExp(regexOf(rule)));
    return [
      {
        label: 'an array of `RegExp`, `test` in order until one matches',
        decide: ({ text }) => {
          for (const pattern of patterns) if (pattern.test(text)) return true;
          return false;
        },
      },
    ];
  },
};
