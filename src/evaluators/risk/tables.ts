/** The risk signals, each 0–1, and what each counts for in the score. The weights sum to 1. */
export const RISK_WEIGHTS = Object.freeze({
  actionType: 0.3,
  parameterSensitivity: 0.25,
  blastRadius: 0.15,
  agentHistory: 0.15,
  taskAlignment: 0.15,
});

/** The signals of one call, each 0 (harmless) to 1. */
export type RiskSignals = Readonly<Record<keyof typeof RISK_WEIGHTS, number>>;

/** How risky a word of an action type or a tool name is, 0–1. The riskiest word counts; others count 0. */
export const ACTION_WORDS: Readonly<Record<string, number>> = Object.freeze({
  ...scored(0.1, 'read get list search find view show describe count fetch query select check status'),
  ...scored(0.3, 'download open export copy clone'),
  ...scored(0.4, 'write create update insert add set put edit patch append save upload rename move import'),
  ...scored(0.5, 'send post publish email notify message deploy merge push install invite share grant'),
  ...scored(0.6, 'execute exec run shell bash sh command eval script sudo spawn invoke kill stop'),
  ...scored(0.7, 'pay payment charge transfer refund purchase order chmod chown disable revoke'),
  ...scored(0.8, 'delete remove rm unlink rmdir erase overwrite reset'),
  ...scored(1, 'drop truncate destroy purge wipe format shutdown terminate nuke shred'),
});

/** How sensitive a text argument is by its parameter's name, 0–1. Found anywhere in the name, read without case, `_` and `-`. */
export const SENSITIVE_NAMES: Readonly<Record<string, number>> = Object.freeze({
  ...scored(1, 'password passwd passphrase secret privatekey apikey accesskey credential'),
  ...scored(0.8, 'token authorization cookie signature creditcard cardnumber cvv ssn iban pincode'),
  ...scored(0.4, 'salary birthdate dateofbirth phonenumber medical'),
});

/** Where a path may begin within a text: at the start, or after a blank, a quote or punctuation. */
const PATH_START = `(?:^|[\\s'"=:;|&(<>,])`;

/** A score for texts in which a pattern is found. Patterns are linear: literals, fixed classes, bounded repeats. */
export interface RiskPattern {
  readonly score: number;
  readonly pattern: RegExp;
}

/** Values that are sensitive under any name, highest score first; the first that is found counts. */
export const SENSITIVE_VALUES: readonly RiskPattern[] = Object.freeze([
  anyOf(1, [
    // Key material.
    '-----begin',
    'akia[0-9a-z]{12}',
    'gh[pousr]_[0-9a-z]{16}',
    '\\bsk-[0-9a-z]{16}',
    // Files that hold it.
    '\\.(?:env|ssh|aws|kube|pem|p12)(?![a-z0-9])',
    '\\.(?:npmrc|netrc|pgpass)',
    '\\bid_(?:rsa|dsa|ecdsa|ed25519)',
    'etc[\\\\/](?:shadow|passwd|sudoers)',
  ]),
  anyOf(0.8, [
    // System paths, and the root itself.
    `${PATH_START}/(?:etc|root|boot|sys|proc|dev|bin|sbin|lib|usr|var/lib|system|library)(?![\\w.-])`,
    `${PATH_START}/(?=$|[\\s'"*;|&)])`,
    `${PATH_START}[a-z]:[\\\\/](?:windows|program files)`,
    // The address that hands out a cloud machine's credentials.
    '169\\.254\\.169\\.254',
  ]),
  anyOf(0.5, ['password|passphrase|secret|credential', 'private[ _-]key', 'api[ _-]?key', 'bearer ']),
]);

/** Names of parameters whose number says how much is touched. Whole words of the name. */
export const AMOUNT_WORDS: readonly string[] = Object.freeze(
  words('count limit amount quantity total size batch rows records users recipients max number times'),
);

/** Names of flags which, when true, make an action reach further. Whole words of the name. */
export const REACH_FLAGS: readonly string[] = Object.freeze(
  words('recursive force all cascade everyone everything global overwrite hard permanent prune'),
);

/** Texts that reach far, highest score first; the first that is found counts. */
export const BROAD_VALUES: readonly RiskPattern[] = Object.freeze([
  anyOf(1, [
    '^\\s?(?:\\*|all|everyone|everything|/)\\s?$',
    '\\bdrop\\s(?:table|database|schema|user|role|index|view)\\b',
    '\\btruncate\\s',
    '\\brm\\s-[a-z]{0,6}r',
    '--no-preserve-root',
    '\\bmkfs',
    '\\bdd\\sif=',
  ]),
  anyOf(0.8, [
    '\\s-[a-z]{0,6}r(?![a-z])',
    '--recursive',
    '--force',
    '--all\\b',
    '\\*\\*',
    '\\bformat\\s[a-z]:',
  ]),
  anyOf(0.5, ['\\*', '\\ball\\b', '\\beveryone\\b', '0\\.0\\.0\\.0/0']),
]);

/** A statement that changes every row unless {@link SOME_ROWS} is found beside it. */
export const EVERY_ROW = anyOf(1, [
  '\\bdelete\\s{1,9}from\\b',
  '\\bupdate\\s{1,9}[\\w."`]{1,100}\\s{1,9}set\\b',
]);

/** What narrows a statement down to some rows. */
export const SOME_ROWS = anyOf(0, ['\\bwhere\\b']);

function anyOf(score: number, parts: readonly string[]): RiskPattern {
  return Object.freeze({ score, pattern: new RegExp(parts.join('|'), 'i') });
}

function scored(score: number, list: string): Record<string, number> {
  return Object.fromEntries(words(list).map((word) => [word, score]));
}

function words(list: string): string[] {
  return list.split(' ');
}
