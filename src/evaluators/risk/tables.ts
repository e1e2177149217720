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

/** Names of parameters whose number says how much is touched. Whole words of the name. */
export const AMOUNT_WORDS: readonly string[] = Object.freeze(
  words('count limit amount quantity total size batch rows records users recipients max number times'),
);

/** Names of flags which, when true, make an action reach further. Whole words of the name. */
export const REACH_FLAGS: readonly string[] = Object.freeze(
  words('recursive force all cascade everyone everything global overwrite hard permanent prune'),
);

function scored(score: number, list: string): Record<string, number> {
  return Object.fromEntries(words(list).map((word) => [word, score]));
}

function words(list: string): string[] {
  return list.split(' ');
}
