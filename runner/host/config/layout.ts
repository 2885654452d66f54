import { join } from 'node:path';

/** The state directory of the runner on a host: absolute, below the root. */
export const STATE_PATH = '/var/lib/khp';

/** In the state directory, while an apply is under way; what starts services looks at it too. */
export const JOURNAL = 'journal.json';
export const JOURNAL_PATH = `${STATE_PATH}/${JOURNAL}`;

/** The host's own settings and keys, written at bootstrap. */
export const SETTINGS_PATH = '/etc/khp';

/** Where everything of a runner lies. All paths are real ones: the root is in front of them. */
export interface Layout {
  /** `/`, or the sandbox given by --root. */
  readonly root: string;
  readonly settings: string;
  readonly allowedSigners: string;
  readonly revokedKeys: string;
  readonly state: string;
  /** Bare repository that the host's ref is fetched into. */
  readonly repository: string;
  /** Bare repository that reports are committed to before they are pushed. */
  readonly reports: string;
  readonly lock: string;
  /** Tarballs that are not unpacked yet. */
  readonly downloads: string;
}

/** The layout below a root, which must be an absolute path. */
export function layoutOf(root: string): Layout {
  const settings = join(root, SETTINGS_PATH);
  const state = join(root, STATE_PATH);
  return {
    root,
    settings: join(settings, 'runner.yml'),
    allowedSigners: join(settings, 'allowed_signers'),
    revokedKeys: join(settings, 'revoked_keys'),
    state,
    repository: join(state, 'repo.git'),
    reports: join(state, 'reports.git'),
    lock: join(state, 'lock'),
    downloads: join(state, 'downloads'),
  };
}
