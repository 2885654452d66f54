import * as z from 'zod/mini';
import { parseRecipient } from '../age/recipients.ts';

// `khp inventory` reads nothing else by a schema, and zod's small form loads in half the time.
/** khp.yml. Paths are prefixes of absolute paths; a file may be put at or below one of them. */
export const Settings = z.strictObject({
  hash_behaviour: z._default(z.enum(['replace', 'merge']), 'replace'),
  /** What `{{ ansible_managed }}` prints. */
  ansible_managed: z._default(z.string(), 'Ansible managed'),
  /** What `lookup('env')` sees. */
  env: z._default(z.record(z.string(), z.string()), {}),
  paths: z._default(z.array(z.string().check(z.startsWith('/', 'an absolute path'))), [
    '/etc',
    '/opt',
    '/var',
    '/data',
    '/srv',
  ]),
  publish: z._default(
    z.strictObject({
      /** The config repository; the workspace's own where not said. */
      url: z.optional(z.string()),
      branch: z._default(z.string(), 'main'),
      /** Who may sign promotions: lines of an allowed_signers file. */
      keys: z._default(z.array(z.string()), []),
    }),
    { branch: 'main', keys: [] },
  ),
  secrets: z._default(
    z.strictObject({
      /** Who can read every secret beside the hosts: public keys, `age1…` or `ssh-ed25519 …`. */
      operators: z._default(
        z.array(
          z
            .string()
            .check(
              z.refine(
                (key) => parseRecipient(key) !== undefined,
                'a public key, age1… or ssh-ed25519 AAAA…',
              ),
            ),
        ),
        [],
      ),
    }),
    { operators: [] },
  ),
  reports: z.optional(z.strictObject({ url: z.string() })),
});
export type Settings = z.infer<typeof Settings>;
