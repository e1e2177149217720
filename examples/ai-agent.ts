// An agent on the `ai` package (version 7) whose tools are guarded by hand. The model is a script that reacts to what it
// is told: no network, no key.
import { fileURLToPath } from 'node:url';
import { generateText, isStepCount, tool } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { ActionGuard } from 'plyra-guard';
import { z } from 'zod';
import { makeFolder, tools as plain, removeFolder } from './tools.ts';

const policy = fileURLToPath(new URL('policy.yaml', import.meta.url));
// Nobody is there to decide: what needs a person is refused at once.
const guard = ActionGuard.fromConfig(policy, { approvals: { wait: false } });
const folder = await makeFolder();

// #region tools
const guarded = guard.wrap(plain);
const path = z.object({ path: z.string() });
const tools = {
  readFile: tool({ inputSchema: path, execute: (input) => guarded.readFile(input.path) }),
  deleteFile: tool({ inputSchema: path, execute: (input) => guarded.deleteFile(input.path) }),
  writeFile: tool({
    inputSchema: z.object({ path: z.string(), text: z.string() }),
    execute: (input) => guarded.writeFile(input.path, input.text),
  }),
  // #endregion
  fetchPage: tool({
    inputSchema: z.object({ url: z.string() }),
    execute: (input) => guarded.fetchPage(input.url),
  }),
  runCommand: tool({
    inputSchema: z.object({ command: z.string() }),
    execute: (input) => guarded.runCommand(input.command),
  }),
  runSql: tool({
    inputSchema: z.object({ statement: z.string() }),
    execute: (input) => guarded.runSql(input.statement),
  }),
};

/** What the model would like to do next; `instead` is what it does when it is refused. */
interface Wish {
  readonly tool: keyof typeof tools;
  readonly input: Readonly<Record<string, string>>;
  readonly instead?: Wish;
}

const notes = `${folder}/notes.txt`;

const wishes: readonly Wish[] = [
  {
    tool: 'writeFile',
    input: { path: '/etc/motd', text: 'hello' },
    instead: { tool: 'writeFile', input: { path: notes, text: 'hello' } },
  },
  { tool: 'readFile', input: { path: notes } },
  { tool: 'deleteFile', input: { path: notes } },
  { tool: 'readFile', input: { path: `${folder}/.env` } },
  { tool: 'fetchPage', input: { url: 'https://internal.corp/wiki' } },
  { tool: 'runCommand', input: { command: 'rm -rf /var/log' } },
  { tool: 'runSql', input: { statement: 'DROP TABLE users' } },
  { tool: 'readFile', input: { path: '/home/ann/diary.txt' } },
];

const usage = {
  inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 0, text: 0, reasoning: 0 },
};
const queue = [...wishes];
let current: Wish | undefined;

const model = new MockLanguageModelV4({
  async doGenerate({ prompt }) {
    const refusal = lastError(prompt);
    if (refusal !== undefined) say(`The model is told: ${refusal}`);
    const next = refusal !== undefined && current?.instead ? current.instead : queue.shift();
    if (next !== undefined && next === current?.instead) say('The model corrects course.');
    current = next;
    if (next === undefined) {
      const done = { type: 'text', text: 'Done what I was allowed to.' } as const;
      return { content: [done], finishReason: { unified: 'stop', raw: undefined }, usage, warnings: [] };
    }
    say(`The model calls ${next.tool}: ${Object.values(next.input).join(' ')}`);
    const call = {
      type: 'tool-call',
      toolCallId: `call-${queue.length}`,
      toolName: next.tool,
      input: JSON.stringify(next.input),
    } as const;
    return { content: [call], finishReason: { unified: 'tool-calls', raw: undefined }, usage, warnings: [] };
  },
});

/** The text of the last tool result, where that is an error. */
function lastError(prompt: { role: string; content: unknown }[]): string | undefined {
  const last = prompt.at(-1);
  if (last?.role !== 'tool') return undefined;
  const [part] = last.content as { output: { type: string; value: unknown } }[];
  return part?.output.type === 'error-text' ? String(part.output.value) : undefined;
}

function say(text: string): void {
  console.log(text.replaceAll(folder, '/tmp/…'));
}

const { text } = await generateText({ model, tools, prompt: 'Tidy up.', stopWhen: isStepCount(20) });
say(`The model says: ${text}`);

console.log();
for (const { outcome, toolName, intent, reason } of guard.history().reverse()) {
  say(`${outcome.padEnd(9)} ${toolName} ${intent}\n          ${reason}`);
}
await guard.close();
await removeFolder(folder);
