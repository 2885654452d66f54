import * as z from 'zod';
import { parseRecipient } from '../age/recipients.ts';

/** khp.yml. Paths are prefixes of absolute paths; a file may be put at or below one of them. */
export const Settings = z.strictObject({
  hash_behaviour: z.enum(['replace', 'merge']).default('replace'),
  /** What `{{ ansible_managed }}` prints. */
  ansible_managed: z.string().default('Ansible managed'),
  /** What `lookup('env')` sees. */
  env: z.record(z.string(), z.string()).default({}),
  paths: z
    .array(z.string().startsWith('/', 'an absolute path'))
    .default(['/etc', '/opt', '/var', '/data', '/srv']),
  publish: z
    .strictObject({
      /** The config repository; the workspace's own where not said. */
      url: z.string().optional(),
      branch: z.string().default('main'),
      /** Who may sign promotions: lines of an allowed_signers file. */
      keys: z.array(z.string()).default([]),
    })
    .default({ branch: 'main', keys: [] }),
  secrets: z
    .strictObject({
      /** Who can read every secret beside the hosts: public keys, `age1…` or `ssh-ed25519 …`. */
      operators: z
        .array(
          z
            .string()
            .refine((key) => parseRecipient(key) !== undefined, 'neither age1… nor ssh-ed25519 AAAA…'),
        )
        .default([]),
    })
    .default({ operators: [] }),
  reports: z.strictObject({ url: z.string() }).optional(),
});
export type Settings = z.infer<typeof Settings>;
