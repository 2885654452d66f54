import * as z from 'zod';
import { splitCommand } from './command-line.ts';
import { HOST_NAME, NAME } from './names.ts';

const name = z.string().regex(NAME);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const account = z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/);
const mode = z.string().regex(/^0[0-7]{3}$/);
const seconds = z.int().min(0).max(86_400);
const roles = z.array(name);
const commandLine = z
  .string()
  .refine((line) => splitCommand(line) !== undefined, 'no command line: a quote or a backslash has no end');

/** An absolute path of a host in its one spelling: no `//`, `.`, `..`, control character, or slash at the end. */
export const absolutePath = z
  .string()
  .max(4096)
  .refine(isAbsolutePath, 'not an absolute path in its shortest form');

function isAbsolutePath(path: string): boolean {
  if (!/^\/[^\u0000-\u001f\u007f]+$/.test(path)) return false;
  return path
    .slice(1)
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..');
}

export const FileEntry = z.strictObject({
  path: absolutePath,
  /** Of the bytes under `files/` in the bundle. */
  sha256,
  /** Bytes. */
  size: z.int().min(0),
  mode,
  owner: account,
  group: account,
  /** A digest of what the file means: comments, layout and the order of a mapping's keys do not count. */
  effect: sha256,
  /** Roles in debt of a restart when the file's `effect` changes. */
  restart: roles,
  /** Roles that reload instead. */
  reload: roles,
});

export const DirectoryEntry = z.strictObject({
  path: absolutePath,
  mode,
  owner: account,
  group: account,
  /** The path must be a mount point, or it is not created. */
  mountpoint: z.boolean(),
});

export const ArtifactEntry = z.strictObject({
  component: name,
  version: z.string(),
  url: z.string(),
  sha256,
  size: z.int().min(0),
  /** The symbolic link that is switched to the unpacked tarball. */
  link: absolutePath,
});

/** How it is told whether a service is healthy. All kinds that are given must agree. */
export const HealthCheck = z
  .strictObject({
    /** An address that must answer with a status from 200 to 399; a redirection is not followed, the body not read. */
    http: z.string().optional(),
    /** `host:port` that must take a connection. */
    tcp: z.string().optional(),
    /** A command line that must end with exit code 0; it runs as the service does. */
    command: commandLine.optional(),
    /** An attribute of a bean that a Hadoop daemon's `/jmx` page must tell. */
    jmx: z
      .strictObject({
        /** Status 200 and `{"beans": [{…}]}`; the first bean that has the attribute counts. */
        url: z.string(),
        attribute: z.string(),
        /** The texts that it may be; any, where not given. */
        equals: z.array(z.string()).min(1).optional(),
        /** Texts of which it must have one in it. */
        contains: z.array(z.string().min(1)).min(1).optional(),
      })
      .optional(),
    /** Seconds that its process must have run before it counts as healthy, below `within`. */
    settle: seconds.optional(),
    /** Seconds after its start within which the service must be healthy. */
    within: seconds,
  })
  .refine(({ settle = 0, within }) => settle < within, { path: ['settle'], error: 'less than within' });

/** Resource limits of a service, by their names in getrlimit(2) without RLIMIT_, in lower case; units are the call's. */
export const LIMITS = [
  'as',
  'core',
  'cpu',
  'data',
  'fsize',
  'memlock',
  'msgqueue',
  'nice',
  'nofile',
  'nproc',
  'rss',
  'rtprio',
  'sigpending',
  'stack',
] as const;

/** Signals that may stop a service. */
export const STOP_SIGNALS = ['TERM', 'HUP', 'INT', 'QUIT', 'KILL', 'USR1', 'USR2'] as const;

/** A way to prepare the storage of a role, once in its life, which only a person asks for: `khp-runner init`. */
export const InitAct = z.strictObject({
  /** `format`, `bootstrap-standby`. */
  act: name,
  /** Runs as the service does. */
  command: commandLine,
  /** Directories that it fills: each must be there and empty. */
  fills: z.array(absolutePath),
  /** Directories that must be formatted before. */
  needs: z.array(absolutePath),
  /** Paths in such a directory, names with `*` among them, that are all there where it is formatted. */
  formatted: z.array(z.string()).min(1),
});

export const ServiceEntry = z.strictObject({
  component: name,
  role: name,
  command: commandLine,
  user: account,
  environment: z.record(z.string(), z.string()),
  limits: z.partialRecord(z.enum(LIMITS), z.int().min(0)),
  stop: z.strictObject({ signal: z.enum(STOP_SIGNALS), timeout: seconds }),
  /** Roles that start before this one wherever the cluster has them, directly or through others. */
  after: roles,
  health: HealthCheck.optional(),
  /** Hosts of the role that may be down at once: a count, or a share such as `10%`. */
  max_unavailable: z.union([z.int().min(1), z.string().regex(/^(?:[1-9]|[1-9][0-9]|100)%$/)]),
  on_failure: z.enum(['hold', 'rollback']),
  // A runner older than what follows refuses a manifest that has it: runners are brought up to date before.
  /** Command lines that are run, in order, when the effect of a file has changed that names the role in `reload`. */
  reload: z.array(commandLine).min(1).optional(),
  init: z.array(InitAct).min(1).optional(),
});

export const MetricEntry = z.strictObject({ role: name, jmx: z.string(), keep: z.array(z.string()) });
export const LogEntry = z.strictObject({ role: name, path: z.string(), format: z.string() });

/** How the clear text of a secret is written into a file: as the file's format asks. */
export const SECRET_ESCAPES = ['xml', 'json', 'yaml', 'ini', 'properties', 'text'] as const;

/** Characters of the ciphertext of a secret. */
export const LONGEST_CIPHERTEXT = 65_536;

const ciphertext = z.string().min(1).max(LONGEST_CIPHERTEXT);

/** A secret, which the host alone can open. A runner older than it refuses the manifest whole. */
export const SecretEntry = z.discriminatedUnion('kind', [
  /** An age file in armor. */
  z.strictObject({ kind: z.literal('age'), ciphertext, escape: z.enum(SECRET_ESCAPES) }),
  /** An envelope of ansible-vault, and whose password opens it. */
  z.strictObject({
    kind: z.literal('vault'),
    ciphertext,
    escape: z.enum(SECRET_ESCAPES),
    vault_id: z.string().regex(/^[A-Za-z0-9_.@-]{1,64}$/),
  }),
]);

export const MANIFEST_SCHEMA = 'khp.bundle/1';

/**
 * `manifest.json` of a bundle. Lists are sorted: files and directories by path, artifacts by component, services in
 * start order, the rest by role.
 */
export const Manifest = z.strictObject({
  schema: z.literal(MANIFEST_SCHEMA),
  host: z.string().regex(HOST_NAME),
  cluster: name,
  type: name,
  release: name,
  /** The groups of the host that are roles of a component, sorted. */
  roles,
  files: z.array(FileEntry),
  directories: z.array(DirectoryEntry),
  artifacts: z.array(ArtifactEntry),
  services: z.array(ServiceEntry),
  /** By the number in the marker `{{khp:secret:N}}`; by first appearance, files in the order of their paths. */
  secrets: z.array(SecretEntry),
  metrics: z.array(MetricEntry),
  logs: z.array(LogEntry),
});

export type Manifest = z.infer<typeof Manifest>;
export type FileEntry = z.infer<typeof FileEntry>;
export type DirectoryEntry = z.infer<typeof DirectoryEntry>;
export type ArtifactEntry = z.infer<typeof ArtifactEntry>;
export type ServiceEntry = z.infer<typeof ServiceEntry>;
export type HealthCheck = z.infer<typeof HealthCheck>;
export type InitAct = z.infer<typeof InitAct>;
export type SecretEntry = z.infer<typeof SecretEntry>;
export type MetricEntry = z.infer<typeof MetricEntry>;
export type LogEntry = z.infer<typeof LogEntry>;

/**
 * What a service is started with and stopped by. A change of it puts the service in debt of a restart; a change of the
 * rest (health, order, what is asked for by hand) takes effect without one; health, once the service is in no debt.
 */
export function definitionOf({ command, user, environment, limits, stop }: ServiceEntry) {
  return { command, user, environment, limits, stop };
}

/** The manifest's path in a bundle. */
export const MANIFEST_PATH = 'manifest.json';

/** Where the bytes of an absolute path lie in a bundle. */
export function bundlePath(path: string): string {
  return `files${path}`;
}
