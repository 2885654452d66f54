import type { Diagnostic, Severity } from '../../compiler/contract/diagnostic.ts';

/** What is always true of a problem that the portal can meet, by its permanent code. */
const PROBLEMS = {
  'site/no-repository': {
    severity: 'error',
    message: 'a repository cannot be read',
    hint: 'name a git repository that is there and may be read',
  },
  'site/foreign-output': {
    severity: 'error',
    message: 'the output folder holds something else than a portal, which would be lost',
    hint: 'name an empty folder, or one that a build of the portal wrote',
  },
  'site/nothing-compiled': {
    severity: 'warning',
    message: 'refs/heads/bundles is not there, so no host is compiled',
    hint: 'run khp compile',
  },
  'site/bad-bundle': {
    severity: 'warning',
    message: 'a manifest in refs/heads/bundles cannot be read, or is not in its place',
    hint: 'compile again, with one version of khp',
  },
  'site/bad-promotion': {
    severity: 'warning',
    message: 'the ref of a host holds no promotion of it that can be read',
    hint: 'promote the host again; nothing but khp promote may write refs/khp/hosts',
  },
  'site/bad-status': {
    severity: 'warning',
    message: 'a file of refs/heads/status cannot be read',
    hint: 'run khp collect again, with one version of khp',
  },
  'site/two-clusters': {
    severity: 'warning',
    message: 'a host is in two clusters; it is shown in the first',
    hint: 'compile and collect again: a host is in one cluster',
  },
  'site/bad-operation': {
    severity: 'warning',
    message: 'a commit of refs/heads/audit holds no operation that can be read',
    hint: 'look at it with git show; nothing but khp may write refs/heads/audit',
  },
  'site/no-source': {
    severity: 'warning',
    message: "the commit that the bundles were compiled from cannot be found in the workspace's repository",
    hint: 'fetch it; releases are shown without their notes until then',
  },
  'site/bad-release': {
    severity: 'warning',
    message: 'the file of a release cannot be read',
    hint: 'run khp check',
  },
} as const satisfies Record<string, { severity: Severity; message: string; hint: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** Collects problems while reading; the same one on many hosts, or with many details, is one diagnostic. */
export interface Problems {
  /** `host` is where it shows; `detail` a name, path or text that says more. */
  add(code: ProblemCode, about: { readonly host?: string; readonly detail?: string }): void;
  /** Sorted by code. */
  list(): Diagnostic[];
}

/** The most details that one message holds. */
const MOST_DETAILS = 5;

export function createProblems(): Problems {
  const found = new Map<ProblemCode, { hosts: Set<string>; details: Set<string> }>();
  return {
    add: (code, { host, detail }) => {
      const entry = found.get(code) ?? { hosts: new Set(), details: new Set() };
      found.set(code, entry);
      if (host !== undefined) entry.hosts.add(host);
      if (detail !== undefined) entry.details.add(detail);
    },
    list: () =>
      [...found]
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([code, { hosts, details }]) => {
          const { severity, message, hint } = PROBLEMS[code];
          const full = details.size === 0 ? message : `${message}: ${listed([...details].sort())}`;
          return { code, severity, message: full, hint, ...(hosts.size > 0 && { hosts: [...hosts].sort() }) };
        }),
  };
}

function listed(details: readonly string[]): string {
  const rest = details.length - MOST_DETAILS;
  return `${details.slice(0, MOST_DETAILS).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
