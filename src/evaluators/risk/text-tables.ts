/** One way in which a text is risky. */
export interface RiskAlternative {
  /** Source of a linear pattern, matched without case: literals, fixed classes, bounded repeats. */
  readonly pattern: string;
  /** Words in lower case of which one is in every text that the pattern is found in, or in it with {@link TEXT_END} behind. */
  readonly needs: readonly string[];
}

/** A score for texts in which one of the alternatives is found. */
export interface RiskRow {
  readonly score: number;
  readonly alternatives: readonly RiskAlternative[];
}

/** What is put behind a text before words are looked for: so a word can say that it stands at the end. */
export const TEXT_END = '\n';

/** Where a path may begin within a text: at the start, or after a blank, a quote or punctuation. */
const PATH_START = `(?:^|[\\s'"=:;|&(<>,])`;
const SYSTEM_FOLDERS = 'etc root boot sys proc dev bin sbin lib usr var/lib system library';
/** What `\s` matches. */
const BLANKS =
  '\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';

/** Values that are sensitive under any name, highest score first; the first that is found counts. */
export const SENSITIVE_VALUES: readonly RiskRow[] = Object.freeze([
  row(1, [
    // Key material.
    plain('-----begin'),
    { pattern: 'akia[0-9a-z]{12}', needs: ['akia'] },
    { pattern: 'gh[pousr]_[0-9a-z]{16}', needs: words('ghp_ gho_ ghu_ ghs_ ghr_') },
    { pattern: '\\bsk-[0-9a-z]{16}', needs: ['sk-'] },
    // Files that hold it.
    {
      pattern: '\\.(?:env|ssh|aws|kube|pem|p12)(?![a-z0-9])',
      needs: words('.env .ssh .aws .kube .pem .p12'),
    },
    { pattern: '\\.(?:npmrc|netrc|pgpass)', needs: words('.npmrc .netrc .pgpass') },
    { pattern: '\\bid_(?:rsa|dsa|ecdsa|ed25519)', needs: words('id_rsa id_dsa id_ecdsa id_ed25519') },
    { pattern: 'etc[\\\\/](?:shadow|passwd|sudoers)', needs: words('etc/ etc\\') },
  ]),
  row(0.8, [
    // System paths, and the root itself.
    {
      pattern: `${PATH_START}/(?:${SYSTEM_FOLDERS.replaceAll(' ', '|')})(?![\\w.-])`,
      needs: words(SYSTEM_FOLDERS).map((folder) => `/${folder}`),
    },
    {
      pattern: `${PATH_START}/(?=$|[\\s'"*;|&)])`,
      needs: [...BLANKS, ...`'"*;|&)`].map((next) => `/${next}`),
    },
    { pattern: `${PATH_START}[a-z]:[\\\\/](?:windows|program files)`, needs: words(':/ :\\') },
    // The address that hands out a cloud machine's credentials.
    plain('169.254.169.254'),
  ]),
  row(0.5, [
    ...words('password passphrase secret credential').map(plain),
    { pattern: 'private[ _-]key', needs: ['private'] },
    { pattern: 'api[ _-]?key', needs: words('apikey api_ api-').concat('api ') },
    plain('bearer '),
  ]),
]);

/** Texts that reach far, highest score first; the first that is found counts. */
export const BROAD_VALUES: readonly RiskRow[] = Object.freeze([
  row(1, [
    {
      pattern: '^\\s?(?:\\*|all|everyone|everything|/)\\s?$',
      needs: wholeText('* all everyone everything /'),
    },
    {
      pattern: '\\bdrop\\s(?:table|database|schema|user|role|index|view)\\b',
      needs: ['drop'],
    },
    { pattern: '\\btruncate\\s', needs: ['truncate'] },
    { pattern: '\\brm\\s-[a-z]{0,6}r', needs: [...BLANKS].map((blank) => `rm${blank}`) },
    plain('--no-preserve-root'),
    { pattern: '\\bmkfs', needs: ['mkfs'] },
    { pattern: '\\bdd\\sif=', needs: [...BLANKS].map((blank) => `dd${blank}`) },
  ]),
  row(0.8, [
    { pattern: '\\s-[a-z]{0,6}r(?![a-z])', needs: [...BLANKS].map((blank) => `${blank}-`) },
    plain('--recursive'),
    plain('--force'),
    { pattern: '--all\\b', needs: ['--all'] },
    plain('**'),
    { pattern: '\\bformat\\s[a-z]:', needs: ['format'] },
  ]),
  row(0.5, [
    plain('*'),
    { pattern: '\\ball\\b', needs: ['all'] },
    { pattern: '\\beveryone\\b', needs: ['everyone'] },
    plain('0.0.0.0/0'),
  ]),
]);

/** A statement that changes every row unless {@link SOME_ROWS} is found beside it. */
export const EVERY_ROW: RiskRow = row(1, [
  { pattern: '\\bdelete\\s{1,9}from\\b', needs: ['delete'] },
  { pattern: '\\bupdate\\s{1,9}[\\w."`]{1,100}\\s{1,9}set\\b', needs: ['update'] },
]);

/** What narrows a statement down to some rows. */
export const SOME_ROWS = /\bwhere\b/i;

function row(score: number, alternatives: readonly RiskAlternative[]): RiskRow {
  return Object.freeze({ score, alternatives: Object.freeze(alternatives) });
}

/** A text that is found as it stands. */
function plain(text: string): RiskAlternative {
  return { pattern: text.replace(/[.*/]/g, '\\$&'), needs: [text] };
}

/** The words, each with an end behind it, as it is where nothing but a blank follows. */
function wholeText(list: string): string[] {
  return words(list).flatMap((word) => [...BLANKS].map((blank) => word + blank));
}

function words(list: string): string[] {
  return list.split(' ');
}
