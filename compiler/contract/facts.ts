import * as z from 'zod';

const MAX_MOUNTS = 256;
const text = z.string().regex(/^[\x20-\x7e]{1,256}$/);

/**
 * What a host says of itself: a few facts that stay the same from day to day, named and measured as Ansible's `setup`
 * does. What a host cannot tell is left out. Texts are printable ASCII, whatever the host has.
 */
export const HostFacts = z.strictObject({
  ansible_architecture: text.optional(),
  ansible_default_ipv4: z.strictObject({ address: z.ipv4(), interface: text }).optional(),
  ansible_distribution: text.optional(),
  ansible_distribution_version: text.optional(),
  ansible_kernel: text.optional(),
  /** MiB. */
  ansible_memtotal_mb: z.int().min(1).optional(),
  /** File systems on local devices, by mount point; `size_total` in bytes, rounded down to a GiB, below one to a MiB. */
  ansible_mounts: z
    .array(z.strictObject({ device: text, fstype: text, mount: text, size_total: z.int().min(0) }))
    .max(MAX_MOUNTS)
    .optional(),
  ansible_os_family: text.optional(),
  ansible_processor_vcpus: z.int().min(1).optional(),
});
export type HostFacts = z.infer<typeof HostFacts>;
