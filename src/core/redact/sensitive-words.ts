// The words that make a name one of a secret, as `keyWords` gives them: lower case, singular, without digits at the end.

/** One of these anywhere in a name makes it sensitive, unless the name ends in one of `ABOUT`. */
export const STRONG: ReadonlySet<string> = listed(`
  password, passwd, passphrase, passcode, passkey, passwrd, pswd, pwd, passw, storepass, keypass, pgpass,
  secret, token, credential, cred, apikey, appkey, authkey, jwt, privatekey, secretkey, accesskey,
  signingkey, encryptionkey, connectionstring, connstring, jsessionid, phpsessid, sessid, aspsessionid,
  passwort, kennwort, contraseña, contrasena, senha, wachtwoord, motdepasse, lösenord, hasło, пароль, 密码,
  密碼, パスワード, 비밀번호
`);

/** A word that ends like this counts as one of `STRONG`: `authtoken`, `userpassword`, `mysecret`. */
export const STRONG_ENDS: readonly string[] = Object.freeze([
  ...['password', 'passwd', 'passphrase', 'passwort', 'secret', 'token', 'apikey', 'credential', 'pwd'],
  ...['пароль', '密码', '密碼', 'パスワード', '비밀번호'],
]);

/** These are sensitive too where the words of a name only give them together: `PassWord`, `pass_word`. */
export const STRONG_JOINED = /password(?!less)|passwd|passphrase|apikey|privatekey|clientsecret|accesstoken/;

/** These make a name sensitive where they are its last word: `db_pin`, but not `pin_to_top`. */
export const LAST: ReadonlySet<string> = listed(`
  pass, pw, psk, pin, otp, totp, hotp, mfa, 2fa, tfa, cvv, cvc, csc, ssn, auth, authorization,
  authorisation, authentication, bearer, cookie, csrf, xsrf, mnemonic, creditcard, cardnumber, userpass,
  dbpass, rootpass, adminpass, smtppass, sshpass, mypass, rootpw, dbpw, userpw, adminpw, authcode, pincode
`);

/** Words in a row, separated by one space, that make a name sensitive unless it ends in one of `ABOUT`. */
export const PHRASES: ReadonlySet<string> = listed(`
  api key, access key, account key, app key, application key, auth key, client key, consumer key,
  decryption key, deploy key, encryption key, hmac key, license key, licence key, master key, private key,
  recovery key, root key, secret key, server key, service key, session key, shared key, signing key,
  ssh key, ssl key, tls key, storage key, subscription key, symmetric key, wallet key, webhook key,
  gpg key, pgp key, jwt key, otp code, totp code, mfa code, 2fa code, tfa code, verification code,
  security code, sms code, auth code, authorization code, access code, backup code, recovery code,
  login code, pin code, pin number, pass code, pass phrase, pass word, seed phrase, recovery phrase,
  social security, card number, credit card, debit card, cc number, cvv code, cvc code, connection string,
  conn string, conn str, sas url, sas uri, mot passe, secret id
`);

/** A name that ends in one of these tells about a secret and is none: `password_policy`, `token_type`. */
export const ABOUT: ReadonlySet<string> = listed(`
  count, length, len, size, limit, type, kind, policy, policie, strength, expiry, expire, expiration,
  expired, ttl, age, lifetime, endpoint, url, uri, name, label, field, file, filename, path, dir,
  directory, location, format, version, enabled, required, rotation, rotated, changed, updated, created,
  issued, at, reset, manager, provider, service, host, user, username, email, owner, status, error,
  message, attempt, used, usage, remaining, left, budget, cost, price, rate, window, bucket, scope,
  issuer, audience, algorithm, alg, encoding, round, stdin, prompt, placeholder, arn, id, index, position,
  offset, method, mode, less, saved, saving, rule, requirement
`);

/** What may follow the word that counts: `pin_value`, `auth_header`, `password_hash`, `new_password_2`. */
export const NEUTRAL: ReadonlySet<string> = listed(`
  value, val, header, string, str, text, plain, plaintext, raw, hash, hashed, digest, encoded, base, b,
  hex, encrypted, enc, data, input, new, old, current, confirm, confirmation, again, repeat, verify, jar,
  info, json, number, no
`);

/** Where one of these stands before `token`, units of text are counted or parted, or pages are turned. */
export const NO_CREDENTIAL: ReadonlySet<string> = listed(`
  max, min, maximum, minimum, total, num, n, number, count, prompt, completion, input, output, cached,
  cache, reasoning, thinking, used, remaining, limit, budget, context, generated, average, avg, mean,
  estimated, per, audio, image, text, accepted, rejected, prediction, page, next, continuation,
  pagination, cancellation, cancel, eos, bos, pad, unk, mask, sep, cls, stop, special,
  unexpected, design
`);

/** Names of headers whose value goes on to the end of the line, spaces included. */
export const WHOLE_LINE: ReadonlySet<string> = listed(`
  authorization, authorisation, cookie, passphrase, pass phrase, mnemonic, seed phrase, recovery phrase,
  connection string, connectionstring
`);

/** Values that are no secret wherever they stand: they say what kind one is, what became of it, or are words of code. */
export const COMMON_VALUES: ReadonlySet<string> = listed(`
  true, false, yes, no, on, off, ok, 0, 1, null, none, nil, undefined, nan, n/a, string, str, number, int,
  integer, bool, boolean, bytes, any, unknown, object, array, text, required, optional, missing, invalid,
  incorrect, wrong, expired, revoked, empty, blank, unset, set, changed, updated, reset, failed, failure,
  success, succeeded, successful, denied, rejected, accepted, valid, verified, hidden, redacted, masked,
  omitted, enabled, disabled, default, basic, bearer, digest, negotiate, oauth, oauth2, must, should, can,
  cannot, will, does, is, was, are, has, not, the, a, an, and, or, for, in, of, to, at, by, with, from,
  too, it, this, that, your, you, please, enter, use, see, minimum, maximum, at least,
  await, async, new, self, function, lambda, yield, return, require, import, typeof, let, const, var,
  readonly
`);

function listed(words: string): ReadonlySet<string> {
  return new Set(words.split(',').map((word) => word.trim()));
}
