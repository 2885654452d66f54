import { parseDocument } from 'yaml';
import * as z from 'zod';
import { absolutePath } from '../../../compiler/contract/manifest.ts';
import { HOST_NAME } from '../../../compiler/contract/names.ts';
import { remoteUrl } from '../../../compiler/git/fetch.ts';

const DAY = 86_400;

const SECONDS_OF = { s: 1, m: 60, h: 3600 } as const;

/** `30`, `30s`, `5m`, `1h`, as seconds. */
const duration = z
  .union([z.int().min(1), z.string().regex(/^[1-9]\d{0,6}[smh]?$/, 'not a duration such as 60s, 5m or 1h')])
  .transform((value) => {
    if (typeof value === 'number') return value;
    const unit = value.at(-1) as keyof typeof SECONDS_OF;
    return Number.parseInt(value, 10) * (SECONDS_OF[unit] ?? 1);
  })
  // A timer of Node takes more than 24 days for no time at all: the daemon would look without a pause.
  .refine((seconds) => seconds <= DAY, 'longer than a day');

const pathPrefix = z
  .string()
  .refine((path) => path !== '/', {
    error: 'everything lies below it; name the folders that bundles may write to',
    abort: true,
  })
  .pipe(absolutePath);

const serviceUser = z
  .string()
  .regex(/^[a-z_][a-z0-9_-]{0,31}$/, 'not the name of a user')
  .refine((user) => user !== 'root', 'no service may run as root');

const repository = z
  .string()
  .refine((url) => remoteUrl(url, '/') === url, 'neither an absolute path nor an address of a repository')
  .refine(
    (url) => !/^(?:https?:\/\/[^/]*@|[a-z]+:\/\/[^/@]*:[^/]*@)/i.test(url),
    'a password in an address is seen by every user of this host, among the processes; put it into /root/.netrc',
  );

/** What an address of a tarball begins with. */
const addressPrefix = z
  .string()
  .regex(
    /^(?:https?:\/\/[^\s/@]+|file:\/\/)\/[^\s]*$/,
    'not the beginning of an address of https, http or file',
  );

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

const proxyAddress = z
  .string()
  .regex(
    /^http:\/\/(?:[^\s/@]+@)?[^\s/@]+\/?$/,
    'not the address of a proxy such as http://proxy.example:3128',
  )
  .refine((url) => URL.canParse(url), 'not the address of a proxy such as http://proxy.example:3128')
  .refine(isDecodable, 'a % in the user or the password is written %25');

/** Who runs the services of this host, and where it reads what khp writes for it. */
const services = z.discriminatedUnion(
  'manager',
  [
    z
      .strictObject({
        manager: z.literal('supervisord'),
        /** The socket of its [unix_http_server], and what that asks for; the password itself, where that has its digest. */
        socket: absolutePath.default('/run/supervisor.sock'),
        username: z
          .string()
          .regex(/^[^:\u0000-\u001f\u007f]+$/, 'not the name of a user')
          .optional(),
        password: z.string().min(1).optional(),
        /** The folder that its [include] takes `*.conf` from. */
        programs: absolutePath.default('/etc/supervisor/conf.d'),
        /** The folder of what services print. */
        logs: absolutePath.default('/var/log/supervisor'),
      })
      .refine(
        ({ username, password }) => (username === undefined) === (password === undefined),
        'username and password go together, as in [unix_http_server]',
      ),
    z.strictObject({
      manager: z.literal('systemd'),
      /** The folder of unit files. */
      units: absolutePath.default('/etc/systemd/system'),
    }),
  ],
  { error: (issue) => (issue.code === 'invalid_union' ? 'known are supervisord and systemd' : undefined) },
);

/** `/etc/khp/runner.yml`: what this host takes, from where, and what it may do. */
export const RunnerConfig = z.strictObject({
  /** The config repository: a path, or an address of git's. */
  repository,
  /** The reports repository; without it reports stay on the host. */
  reports: repository.optional(),
  /** The inventory name; the machine's host name where it is missing. */
  host: z
    .string()
    .regex(HOST_NAME, 'not a host name in lower-case letters, digits, dots and dashes')
    .optional(),
  /** Seconds between two runs of the daemon. */
  interval: duration.default(60),
  /** Files and directories may be put at or below these paths only. */
  paths: z.array(pathPrefix).min(1),
  /** Users that services may run as. */
  users: z.array(serviceUser).default([]),
  /** What runs services; where it is missing they are nobody's of khp's, and reported as unknown. */
  services: services.optional(),
  /** By what addresses of artifacts begin with: what they may begin with instead, tried first, in order. */
  mirrors: z.record(addressPrefix, z.array(addressPrefix)).default({}),
  /** The proxy of http that artifacts are fetched through; the repositories are not. */
  proxy: proxyAddress.optional(),
  /** Names, and what ends in them, that are reached without the proxy. */
  no_proxy: z.array(z.string().regex(/^(?:\*|\.?[A-Za-z0-9_.:-]+)$/, 'not a name')).default([]),
  /** Paths in an artifact that may carry setuid. */
  setuid: z
    .array(z.string().regex(/^[^/]/, 'not a path in a release such as bin/container-executor'))
    .default([]),
  /** A file edited by hand: kept until a promotion changes it, or restored at once (a copy is saved either way). */
  drift: z.enum(['keep', 'restore']).default('keep'),
  /** Files with identities of age, or a private key of OpenSSH, that open this host's secrets. */
  identities: z.array(absolutePath).default(['/etc/khp/identity']),
  /** Files with passwords of ansible-vault, by vault id. */
  vault_password_files: z.record(z.string().regex(/^[A-Za-z0-9_.@-]{1,64}$/), absolutePath).default({}),
  /** Where each run leaves its metrics, for node_exporter's textfile collector. */
  metrics: absolutePath
    .refine((path) => path.endsWith('.prom'), 'the collector takes names that end in .prom only')
    .optional(),
  /** The lowest sequence that is accepted. */
  min_seq: z.int().min(1).default(1),
});
export type RunnerConfig = z.infer<typeof RunnerConfig>;

/**
 * Paths that are this host's own, whatever `paths` allows: where programs or units are read from, which may run as anybody,
 * and the keys of secrets.
 */
export function reservedPaths({ services, identities, vault_password_files }: RunnerConfig): string[] {
  const folder = services?.manager === 'supervisord' ? services.programs : services?.units;
  const keys = [...identities, ...Object.values(vault_password_files)];
  return [...(folder === undefined ? [] : [folder]), ...keys];
}

export type ConfigOutcome =
  | { readonly ok: true; readonly config: RunnerConfig }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads the text of runner.yml. Every problem is one sentence that names its key. */
export function parseRunnerConfig(text: string): ConfigOutcome {
  const document = parseDocument(text, { version: '1.2', schema: 'core', prettyErrors: false });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) return { ok: false, problems: broken.map(({ message }) => `not YAML: ${message}`) };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return { ok: false, problems: [`not YAML: ${(error as Error).message}`] };
  }
  const parsed = RunnerConfig.safeParse(value ?? {});
  if (parsed.success) return { ok: true, config: parsed.data };
  const present = Object.keys((value ?? {}) as object);
  return { ok: false, problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, present)).sort() };
}

type Issue = z.core.$ZodIssue;

function problemsOf(issue: Issue, present: readonly string[]): string[] {
  if (issue.code === 'unrecognized_keys' && issue.path.length > 0) {
    const where = issue.path.map(String).join('.');
    return issue.keys.map((key) => `${where}: the key ${JSON.stringify(key)} is unknown here`);
  }
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(RunnerConfig.shape).join(', ');
    return issue.keys.map((key) => `the key ${JSON.stringify(key)} is unknown; known are ${known}`);
  }
  const key = issue.path.length === 0 ? 'the file' : issue.path.map(String).join('.');
  const missing = issue.path.length === 1 && !present.includes(key);
  return [missing ? `the key "${key}" is missing` : `${key}: ${issue.message}`];
}
