import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/**
 * Runs a command in a terminal of so many columns, and prints JSON: its lines, each as its text and the columns that each
 * of its characters takes, as Python's own tables of Unicode say.
 */
const PYTHON = `
import fcntl, json, os, pty, struct, subprocess, sys, termios, unicodedata
columns, folder, *command = sys.argv[1:]
master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', 50, int(columns), 0, 0))
child = subprocess.Popen(command, cwd=folder, stdin=slave, stdout=slave, stderr=subprocess.DEVNULL,
                         env={**os.environ, 'NO_COLOR': '1'})
os.close(slave)
said = b''
while True:
    try:
        part = os.read(master, 65536)
    except OSError:
        break
    if not part:
        break
    said += part
child.wait()
def width(c):
    # Vowels and finals of a Hangul syllable are drawn into its first letter, as wcwidth has it.
    if unicodedata.category(c) in ('Mn', 'Me', 'Cf') or 0x1160 <= ord(c) <= 0x11ff:
        return 0
    return 2 if unicodedata.east_asian_width(c) in 'WF' else 1
lines = said.decode('utf-8').split('\\r\\n')
print(json.dumps([[line, [width(c) for c in line]] for line in lines if line]))
`;

/** A line as a terminal shows it. */
export interface ShownLine {
  readonly text: string;
  /** In columns of the terminal. */
  readonly width: number;
  /** The column, from 0, at which a text begins for the last time; -1 where it is not. */
  readonly columnOf: (part: string) => number;
}

/** The lines that the command line prints into a real terminal of so many columns. */
export function inTerminal(folder: string, columns: number, args: readonly string[]): ShownLine[] {
  const command = ['-c', PYTHON, String(columns), folder, process.execPath, MAIN, ...args];
  const { stdout, stderr } = spawnSync('python3', command, { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return (JSON.parse(stdout) as [string, number[]][]).map(([text, widths]) => {
    const sum = (count: number): number => widths.slice(0, count).reduce((all, width) => all + width, 0);
    return {
      text,
      width: sum(widths.length),
      columnOf: (part) => {
        const at = text.lastIndexOf(part);
        return at < 0 ? -1 : sum([...text.slice(0, at)].length);
      },
    };
  });
}
