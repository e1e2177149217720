import { Environment } from '@marcbachmann/cel-js';
import type { Peer, Way } from '../peer.ts';
import { type Rule, regexOf, type Workload } from '../workload.ts';

/** cel-js in a typed environment: each rule is an expression parsed once, run in order until one is true. */
export const cel: Peer = {
  name: 'cel-js',
  packageName: '@marcbachmann/cel-js',
  scope: 'policy',
  setup: async (workload) => {
    if (workload.kind === 'prefix')
      return [expressions(workload, startsWith, '`startsWith`'), listOfPrefixes(workload)];
    return [
      expressions(workload, (rule) => `text.matches(${quoted(regexOf(rule))})`, '`matches`'),
      ownFunction(workload),
    ];
  },
};

function expressions({ rules }: Workload, source: (rule: Rule) => string, label: string): Way {
  const environment = new Environment().registerVariable('text', 'string');
  const programs = rules.map((rule) => environment.parse(source(rule)));
  return {
    label: `one parsed expression a rule with ${label}, in order until one is true`,
    decide: ({ text }) => {
      const context = { text };
      for (const program of programs) if (program(context) === true) return true;
      return false;
    },
  };
}

/** The built-in `matches` compiles its pattern at every call; an own function can hold the compiled ones. */
function ownFunction({ rules }: Workload): Way {
  const patterns = rules.map((rule) => new RegExp(regexOf(rule)));
  const environment = new Environment()
    .registerVariable('text', 'string')
    .registerFunction(
      'hits(string, int): bool',
      (text: string, at: bigint) => patterns[Number(at)]?.test(text) ?? false,
    );
  const programs = rules.map((_, at) => environment.parse(`hits(text, ${at})`));
  return {
    label: 'one parsed expression a rule with an own function that holds the compiled `RegExp`',
    decide: ({ text }) => {
      const context = { text };
      for (const program of programs) if (program(context) === true) return true;
      return false;
    },
  };
}

function listOfPrefixes({ rules }: Workload): Way {
  const prefixes = rules.map((rule) => (rule.kind === 'prefix' ? rule.literal : ''));
  const program = new Environment()
    .registerVariable('text', 'string')
    .registerVariable('prefixes', 'list<string>')
    .parse('prefixes.exists(prefix, text.startsWith(prefix))');
  return {
    label: 'one parsed expression, `prefixes.exists(prefix, text.startsWith(prefix))`',
    decide: ({ text }) => program({ text, prefixes }) === true,
  };
}

function startsWith(rule: Rule): string {
  return `text.startsWith(${quoted(rule.kind === 'prefix' ? rule.literal : '')})`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
