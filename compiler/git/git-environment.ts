import type { GitCommand } from './run-git.ts';

/** Settings that no configuration can override: nothing of a repository or a user makes git run or prune anything. */
const SETTINGS: readonly string[] = [
  // By default git syncs packs, but neither refs nor the single files of the objects that they lead to.
  'core.fsync=committed',
  'core.fsyncMethod=batch',
  // Beside git's default, 6, packs of bundles are 2 % larger, and a large fleet compiles in a fifth less time.
  'pack.compression=3',
  // Milliseconds to wait for another's lock: moving the refs of a whole fleet takes seconds.
  'core.filesRefLockTimeout=10000',
  'core.packedRefsTimeout=10000',
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'advice.graftFileDeprecated=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
  'fetch.prune=false',
  'fetch.pruneTags=false',
  'fetch.writeCommitGraph=false',
  'push.followTags=false',
  'push.gpgSign=false',
  'push.recurseSubmodules=no',
  'i18n.logOutputEncoding=UTF-8',
];

/**
 * A host checks what it fetches. An operator does not: one malformed report would keep those of all other hosts away,
 * and nothing that is fetched is ever checked out.
 */
const HOST_SETTINGS: readonly string[] = [
  'credential.helper=',
  'transfer.fsckObjects=true',
  // One file for all that comes, so that its size bounds what a server sends.
  'fetch.unpackLimit=1',
];

/** What a server may make git of a host write to one file (in 512 bytes) and take of memory (in KiB), whatever it sends. */
const MAX_FILE = (192 << 20) / 512;
const MAX_MEMORY = 4 << 20;

/** The program that is run, and its first arguments. */
export function gitProgram({ caller, remote }: GitCommand): [program: string, ...args: string[]] {
  if (caller !== 'host' || !remote) return ['git'];
  return ['/bin/sh', '-c', `ulimit -f ${MAX_FILE}; ulimit -v ${MAX_MEMORY}; exec git "$@"`, 'git'];
}

/** What a person's environment may say of reaching other repositories. */
const OPERATOR_VARIABLES =
  /^(?:SSH_AUTH_SOCK|SSH_AGENT_PID|SSH_ASKPASS|GIT_ASKPASS|GIT_SSH|GIT_SSH_COMMAND|GIT_SSH_VARIANT|GIT_SSL_\w+|SSL_CERT_\w+|https?_proxy|HTTPS?_PROXY|(?:no|all)_proxy|(?:NO|ALL)_PROXY|USER|LOGNAME|XDG_CONFIG_HOME|XDG_RUNTIME_DIR|DISPLAY)$/;
const OPERATOR_CONFIG = /^GIT_CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)$/;

/** The whole environment that git gets: nothing is inherited but what is named here. */
export function environmentOf({ caller, remote, environment }: GitCommand): Record<string, string> {
  const ownConfig = caller === 'operator' && remote === true;
  const result: Record<string, string> = {
    LC_ALL: 'C',
    TZ: 'UTC',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_GRAFT_FILE: '/dev/null',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_ALLOW_PROTOCOL: 'file:git:http:https:ssh',
    ...(ownConfig
      ? {}
      : { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_ATTR_NOSYSTEM: '1' }),
    // Without a person, ssh must fail rather than ask; and this overrides a repository's core.sshCommand.
    ...(caller === 'host' ? { GIT_SSH_COMMAND: 'ssh -oBatchMode=yes' } : {}),
  };
  for (const [name, value] of Object.entries(process.env)) {
    const passes =
      name === 'PATH' ||
      name === 'HOME' ||
      (caller === 'operator' && OPERATOR_VARIABLES.test(name)) ||
      (ownConfig && OPERATOR_CONFIG.test(name));
    if (passes && value !== undefined) result[name] = value;
  }
  return { ...result, ...environment };
}

/** The settings of a run, as arguments of git. */
export function settingsOf({ caller, settings = [] }: GitCommand): string[] {
  const all = [...SETTINGS, ...(caller === 'host' ? HOST_SETTINGS : []), ...settings];
  return all.flatMap((setting) => ['-c', setting]);
}
