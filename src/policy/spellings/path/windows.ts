import type { FileFacts } from '../../../core/file-facts.ts';

const DEVICE = /^\/\/[?.]\/(unc\/)?/i;
const DRIVE = /^([a-z]:)(.?)/i;
/** Dots and spaces at the end of a name, which Windows drops. */
const NAME_TAIL = /(?<=[^./ ])[. ]+(?=\/|$)/g;

/**
 * A path of Windows with `/` between names, without device prefix and with a drive: `\\?\C:\x` is `C:/x`, `\x` is `x`
 * on the drive of the working directory, `C:x` is `x` in it. Elsewhere the text as it stands, for `\` is a letter.
 */
export function systemText(text: string, files: FileFacts): string {
  if (!files.windows) return text;
  const path = text
    .replaceAll('\\', '/')
    .replace(DEVICE, (_, share: string | undefined) => (share === undefined ? '' : '//'))
    .replace(NAME_TAIL, '');
  const here = DRIVE.exec(files.cwd ?? '')?.[1] ?? '';
  if (path.startsWith('/')) return path.startsWith('//') ? path : here + path;
  const [start, drive = '', next = ''] = DRIVE.exec(path) ?? [];
  if (start === undefined || next === '/') return path;
  const inDrive = path.slice(drive.length);
  return drive.toLowerCase() === here.toLowerCase() ? inDrive || '.' : `${drive}/${inDrive}`;
}
