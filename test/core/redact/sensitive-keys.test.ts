import { describe, expect, it, test } from 'vitest';
import { problemOfKey, SensitiveKeys } from '../../../src/core/redact/sensitive-keys.ts';

const listed = (names: string): string[] => names.trim().split(/\s+/);

const keys = new SensitiveKeys();

describe('a secret stands under', () => {
  test.each(
    listed(`
      password user_password dbPassword DBPassword db.password spring.datasource.password PASSWORD Password
      PassWord passWord pass_word passwords PASSWORDs mysqlpassword MYSQL_ROOT_PASSWORD password2 password_1
      new_password old-password confirmPassword password_hash passwordHash PGPASSWORD pwd PWD user_pwd passwd
      passphrase passPhrase passcode pass db_pass smtpPass userpass pw db_pw rootpw psk
      secret secrets client_secret clientSecret appSecret mysecret webhook_secret secretKey secret_key_base
      aws_secret_access_key AWS_SECRET_ACCESS_KEY awsSecretAccessKey AWSSecretKey secret_id
      token tokens access_token accessToken refresh_token idToken session_token bot_token botToken authtoken
      X-Auth-Token x-amz-security-token _authToken //registry.example/:_authToken NPM_TOKEN HF_TOKEN
      personalAccessToken csrf_token xsrf XSRF-TOKEN jwt id_jwt revoked_tokens
      api_key apiKey APIKey APIKEY apikey x-api-key X-API-KEY API_KEYS apiKeys x-goog-api-key api_key_value
      Ocp-Apim-Subscription-Key AccountKey SharedAccessKey access_key private_key privateKey PRIVATE_KEY
      my_private_key_pem signing_key encryptionKey masterKey sshKey license_key session_key
      Authorization authorization Proxy-Authorization auth auth_header basicAuth bearer
      Cookie Set-Cookie cookies session_cookie JSESSIONID PHPSESSID
      credential credentials aws_credentials creds userCreds
      connection_string connectionString ConnectionStrings sas_url
      pin PIN card_pin pin_code pinNumber otp OTP OTPs totp otp_code mfa mfa_code 2fa_code one_time_password
      verification_code securityCode recovery_codes backupCodes auth_code
      cvv cvv2 CVC card_cvc csc ssn SSN employee_ssn social_security_number credit_card credit_card_number
      cardNumber seed_phrase seedPhrase mnemonic recovery_phrase
      passwort Kennwort contraseña contrasena senha wachtwoord пароль 密码 我的密码 パスワード 비밀번호
      pass\u200bword ｐａｓｓｗｏｒｄ pass\u00adword`),
  )('%s', (name) => {
    expect(keys.kindOf(name)).not.toBe('none');
  });
});

describe('no secret stands under', () => {
  test.each(
    listed(`
      max_tokens maxTokens max_new_tokens max_output_tokens token_count tokenCount tokens_used tokensUsed
      total_tokens prompt_tokens completionTokens input_tokens output_tokens cached_tokens reasoning_tokens
      num_tokens n_tokens tokens_per_minute token_limit tokenBudget tokens_remaining stop_tokens eos_token
      nextToken next_page_token nextPageToken continuation_token token_type tokenType token_url tokenEndpoint
      token_expiry tokenizer tokenize tokenized tokenization design_tokens
      author authors authority coauthor authored authenticated authorized is_authorized auth_type auth_method
      authUrl auth_provider secretary secretariat secretion secret_name secretArn secret_version
      key keys Key primary_key primaryKey foreign_key sort_key partitionKey cache_key object_key s3_key
      public_key ssh_public_key keyboard keyboard_layout keynote monkey turkey hotkey key_name idempotency_key
      passenger passengers passed passing passage bypass compass encompass surpass trespass overpass
      password_policy passwordLength min_password_length password_changed_at passwordless password_reset_url
      password_file password_strength passwordRequired no_password
      pinned pinning spin opinion pinhole pinterest pin_to_top pins_per_row shipping_pin_location pineapple
      cookie_banner cookieBanner cookie_consent cookiePolicy cookie_settings_page
      credential_id credentials_file private_key_path privateKeyFile api_key_name api_key_id apiKeyId
      cvs csv pan panel pane otpauth_url hotpot topology ssn_type assn captain mfa_method mfaEnabledAt
      session_id sessionId agent_id user user_name username email name first_name id uuid hash sha256 digest
      path file filename content text body query command url host port region zone country_code zip_code
      code status_code error_code exit_code mapping asset shotgun discover wordcount
      digits phone order_id customer_id iban_like value values arg0 arg1 arg10 args kwargs`),
  )('%s', (name) => {
    expect(keys.kindOf(name)).toBe('none');
  });

  it('an empty name, or one of signs', () => {
    for (const name of ['', '$', '--', '…', '0', '123', '\u200b']) expect(keys.kindOf(name)).toBe('none');
  });

  it('the names that every object has', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) expect(keys.kindOf(name)).toBe('none');
  });
});

describe('tokens', () => {
  it('alone may be counted; one may not', () => {
    expect(keys.kindOf('tokens')).toBe('unless-number');
    expect(keys.kindOf('Tokens')).toBe('unless-number');
    expect(keys.kindOf('token')).toBe('secret');
    expect(keys.kindOf('access_tokens')).toBe('secret');
  });
});

describe('words of prose before a colon', () => {
  test.each([
    'Your API key',
    'the new password',
    'My PIN',
    'secret access key',
    'Connection string',
    'the access code',
  ])('%s', (text) => {
    expect(keys.kindOfProse(text)).not.toBe('none');
  });

  test.each([
    'password for user',
    'the password policy',
    'Unexpected token',
    'primary key',
    'the author',
    'tokens used',
    'error code',
    'reset the password here',
    '',
  ])('not: %s', (text) => {
    expect(keys.kindOfProse(text)).toBe('none');
  });
});

describe('configured names', () => {
  const own = new SensitiveKeys(['customer id', 'acme*', '*number', '*plan*', 'iban', 'Straße']);

  test.each([
    ...listed('customer_id customerId CUSTOMER-ID old_customer_id_2 customer_ids customerid CustomerID'),
    ...listed('acme acmeKey acmeproduct acme_x my_acmeware phonenumber phone_number number'),
    ...listed('xplany planes iban userIban iban_1 straße IBANs'),
  ])('hide %s', (name) => {
    expect(own.kindOf(name)).toBe('secret');
  });

  test.each(listed('customer id idcustomer customer_name customer_name_id macme numbered liban'))(
    'and not %s',
    (name) => {
      expect(own.kindOf(name)).toBe('none');
    },
  );

  it('are found at the end of prose, too', () => {
    expect(own.kindOfProse('The customer id')).toBe('secret');
    expect(own.kindOfProse('customer id of')).toBe('none');
  });

  it('do not take away the built-in ones', () => {
    expect(own.kindOf('password')).toBe('secret');
  });

  test.each([
    ['', /holds no word/],
    ['*', /holds no word/],
    ['--', /holds no word/],
    ['a*b', /a `\*` inside/],
    ['*a*b*', /a `\*` inside/],
  ])('cannot be %j', (name, problem) => {
    expect(problemOfKey(name)).toMatch(problem);
  });

  test.each(['iban', '*iban', 'iban*', '*iban*', 'customer id', '顧客'])('can be %j', (name) => {
    expect(problemOfKey(name)).toBeUndefined();
  });
});
