import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';

/**
 * Makes a folder of the example's own. The rule file allows what lies below /tmp; where a machine keeps its temporary
 * files elsewhere, this says so and makes the folder in /tmp nevertheless.
 */
export async function makeFolder(): Promise<string> {
  if (!`${tmpdir()}/`.startsWith('/tmp/')) {
    console.error(
      `This machine keeps its temporary files in ${tmpdir()}, which examples/policy.yaml does not`,
    );
    console.error('allow; the example works in /tmp. Your own rules would name the folders that you use.');
  }
  await mkdir('/tmp', { recursive: true });
  return mkdtemp('/tmp/plyra-guard-');
}

/** Removes the example's folder. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** What an agent gets to work with. The file tools are real; the other three only say what they would have done. */
export const tools = {
  readFile: async (path: string): Promise<string> => readFile(path, 'utf8'),
  writeFile: async (path: string, text: string): Promise<string> => {
    await writeFile(path, text);
    return `wrote ${text.length} characters`;
  },
  deleteFile: async (path: string): Promise<string> => {
    await rm(path);
    return 'deleted';
  },
  fetchPage: async (url: string): Promise<string> => `would fetch ${url}`,
  runCommand: async (command: string): Promise<string> => `would run ${command}`,
  runSql: async (statement: string): Promise<string> => `would execute ${statement}`,
};
