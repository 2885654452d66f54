import { expect, test } from 'vitest';
import { parseRunnerConfig, reservedPaths } from './runner-config.ts';

const MINIMAL = 'repository: /srv/khp.git\npaths: [/etc/hadoop]\n';

test('takes the smallest file, and says what holds where it is silent', () => {
  expect(parseRunnerConfig(MINIMAL)).toEqual({
    ok: true,
    config: {
      repository: '/srv/khp.git',
      paths: ['/etc/hadoop'],
      interval: 60,
      users: [],
      mirrors: {},
      no_proxy: [],
      setuid: [],
      drift: 'keep',
      identities: ['/etc/khp/identity'],
      vault_password_files: {},
      min_seq: 1,
    },
  });
});

test.each([
  ['5m', 300],
  ['30s', 30],
  ['2h', 7200],
  ['90', 90],
])('reads the interval %s', (text, seconds) => {
  expect(parseRunnerConfig(`${MINIMAL}interval: ${text}\n`)).toMatchObject({ config: { interval: seconds } });
});

test.each([
  ['interval: 5 minutes', 'interval: not a duration such as 60s, 5m or 1h'],
  ['mirrors: { "ftp://a/": [] }', 'mirrors.ftp://a/: Invalid key in record'],
  [
    'mirrors: { "https://a/": ["file://host/x"] }',
    'mirrors.https://a/.0: not the beginning of an address of https, http or file',
  ],
  ['proxy: socks5://a:1', 'proxy: not the address of a proxy such as http://proxy.example:3128'],
  ['proxy: http://a:99999', 'proxy: not the address of a proxy such as http://proxy.example:3128'],
  ['proxy: http://khp:50%off@a:1', 'proxy: a % in the user or the password is written %25'],
  ['no_proxy: ["http://a"]', 'no_proxy.0: not a name'],
  ['interval: 25h', 'interval: longer than a day'],
  ['interval: 2147484', 'interval: longer than a day'],
  ['interval: 0', 'interval: Too small: expected number to be >=1'],
  ['users: [root]', 'users.0: no service may run as root'],
  ["users: ['0']", 'users.0: not the name of a user'],
  ['setuid: [/bin/su]', 'setuid.0: not a path in a release such as bin/container-executor'],
  ['drift: ignore', 'drift: Invalid option: expected one of "keep"|"restore"'],
  ['host: DN1', 'host: not a host name in lower-case letters, digits, dots and dashes'],
  ['reports: "ext::sh -c id"', 'reports: neither an absolute path nor an address of a repository'],
  ['reports: --upload-pack=id', 'reports: neither an absolute path nor an address of a repository'],
  ['reports: ../khp.git', 'reports: neither an absolute path nor an address of a repository'],
  [
    'trust: all',
    'the key "trust" is unknown; known are repository, reports, host, interval, paths, users, services, mirrors, proxy, no_proxy, setuid, drift, identities, vault_password_files, metrics, min_seq',
  ],
  ['services: { manager: runit }', 'services.manager: known are supervisord and systemd'],
  ['services: { socket: /run/x.sock }', 'services.manager: known are supervisord and systemd'],
  ['services: { manager: systemd, socket: /x }', 'services: the key "socket" is unknown here'],
  [
    'services: { manager: supervisord, socket: x }',
    'services.socket: not an absolute path in its shortest form',
  ],
  [
    'services: { manager: supervisord, username: khp }',
    'services: username and password go together, as in [unix_http_server]',
  ],
  ['services: { manager: systemd, password: x }', 'services: the key "password" is unknown here'],
  [
    'services: { manager: supervisord, username: "a:b", password: x }',
    'services.username: not the name of a user',
  ],
  ['host: a\nhost: b', 'not YAML: Map keys must be unique'],
])('refuses %s', (line, problem) => {
  expect(parseRunnerConfig(`${MINIMAL}${line}\n`)).toEqual({ ok: false, problems: [problem] });
});

test.each([
  ['paths: [/etc]', 'the key "repository" is missing'],
  ['repository: /srv/khp.git', 'the key "paths" is missing'],
  ['repository: /srv/khp.git\npaths: /etc', 'paths: Invalid input: expected array, received string'],
  ['repository: null\npaths: [/etc]', 'repository: Invalid input: expected string, received null'],
])('tells what is missing from what is wrong: %j', (text, problem) => {
  expect(parseRunnerConfig(text)).toEqual({ ok: false, problems: [problem] });
});

test.each(['', '[]', 'text', '{', '&a [*a]', 'a: !!js/function x'])(
  'refuses %j as a whole, without a throw',
  (text) => {
    expect(parseRunnerConfig(text).ok).toBe(false);
  },
);

test('knows where Debian has what a service manager needs', () => {
  const servicesOf = (text: string) => {
    const parsed = parseRunnerConfig(`${MINIMAL}services: ${text}\n`);
    return parsed.ok && parsed.config.services;
  };
  expect(servicesOf('{ manager: systemd }')).toEqual({ manager: 'systemd', units: '/etc/systemd/system' });
  expect(servicesOf('{ manager: supervisord, logs: /var/log/khp }')).toEqual({
    manager: 'supervisord',
    socket: '/run/supervisor.sock',
    programs: '/etc/supervisor/conf.d',
    logs: '/var/log/khp',
  });
});

test('keeps from bundles what the service manager runs, and the keys of secrets', () => {
  const reserved = (text: string) => {
    const parsed = parseRunnerConfig(`${MINIMAL}${text}`);
    return parsed.ok && reservedPaths(parsed.config);
  };
  expect(reserved('')).toEqual(['/etc/khp/identity']);
  expect(reserved('services: { manager: systemd }\n')).toEqual(['/etc/systemd/system', '/etc/khp/identity']);
  expect(
    reserved('services: { manager: supervisord }\nvault_password_files: { prod: /root/vault }\n'),
  ).toEqual(['/etc/supervisor/conf.d', '/etc/khp/identity', '/root/vault']);
});

test.each([
  'https://user:word@git.example/khp.git',
  'https://token@git.example/khp.git',
  'ssh://user:word@git.example/khp.git',
])('takes no password in an address: %s', (url) => {
  const parsed = parseRunnerConfig(MINIMAL.replace('/srv/khp.git', url));
  expect(!parsed.ok && parsed.problems).toEqual([
    expect.stringMatching(/^repository: a password in an address/),
  ]);
  const named = parseRunnerConfig(MINIMAL.replace('/srv/khp.git', 'ssh://khp@git.example:22/khp.git'));
  expect(named.ok).toBe(true);
});

test.each([
  ['paths: [/]', 'paths.0: everything lies below it; name the folders that bundles may write to'],
  ['paths: [etc]', 'paths.0: not an absolute path in its shortest form'],
])('refuses %s', (line, problem) => {
  const text = MINIMAL.replace(/^paths:.*$/m, line);
  expect(parseRunnerConfig(text)).toEqual({ ok: false, problems: [problem] });
});
