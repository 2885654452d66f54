import { HostFacts } from '../../../compiler/contract/facts.ts';

/** What the operating system says, as it says it; undefined where it does not. */
export interface Machine {
  readonly memoryBytes: number;
  readonly cpus: number;
  /** `x86_64`. */
  readonly architecture: string;
  readonly kernel: string;
  /** /etc/os-release */
  readonly osRelease: string | undefined;
  /** /proc/self/mounts */
  readonly mounts: string | undefined;
  /** /proc/net/route */
  readonly routes: string | undefined;
  /** The bytes of the file system at a mount point. */
  readonly sizeOf: (mount: string) => number | undefined;
  /** The first IPv4 address of a network interface. */
  readonly addressOf: (name: string) => string | undefined;
}

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const MAX_MOUNTS = 256;

/** The facts of a machine. One that is not what the contract says is left out, and the others stay. */
export function factsOf(machine: Machine): HostFacts {
  const found: HostFacts = {
    ansible_architecture: machine.architecture,
    ansible_default_ipv4: defaultIpv4(machine),
    ...distribution(machine.osRelease),
    ansible_kernel: machine.kernel,
    ansible_memtotal_mb: Math.floor(machine.memoryBytes / MIB),
    ansible_mounts: mountsOf(machine),
    ansible_processor_vcpus: machine.cpus,
  };
  const usable = Object.entries(found).filter(([name, value]) => {
    return value !== undefined && HostFacts.safeParse({ [name]: value }).success;
  });
  // In the order of the contract, as a report that is read has them.
  return HostFacts.parse(Object.fromEntries(usable));
}

/** `ID` of os-release → Ansible's name of the distribution, and of its family. */
const DISTRIBUTIONS: Readonly<Record<string, readonly [string, string]>> = {
  almalinux: ['AlmaLinux', 'RedHat'],
  alpine: ['Alpine', 'Alpine'],
  amzn: ['Amazon', 'RedHat'],
  centos: ['CentOS', 'RedHat'],
  debian: ['Debian', 'Debian'],
  fedora: ['Fedora', 'RedHat'],
  ol: ['OracleLinux', 'RedHat'],
  'opensuse-leap': ['openSUSE Leap', 'Suse'],
  rhel: ['RedHat', 'RedHat'],
  rocky: ['Rocky', 'RedHat'],
  sles: ['SLES', 'Suse'],
  ubuntu: ['Ubuntu', 'Debian'],
};

function distribution(osRelease: string | undefined): HostFacts {
  const words = new Map<string, string>();
  for (const [, key, , value] of (osRelease ?? '').matchAll(/^([A-Z_]+)=(["']?)(.*)\2$/gm))
    words.set(key!, value!);
  const known = DISTRIBUTIONS[words.get('ID') ?? ''];
  return {
    ansible_distribution: known?.[0] ?? words.get('NAME'),
    ansible_distribution_version: words.get('VERSION_ID'),
    ansible_os_family: known?.[1],
  };
}

function mountsOf({ mounts, sizeOf }: Machine): HostFacts['ansible_mounts'] {
  if (mounts === undefined) return undefined;
  const found = new Map<string, NonNullable<HostFacts['ansible_mounts']>[number]>();
  for (const line of mounts.split('\n')) {
    const [device, mount, fstype] = line.split(' ').map(unescapeOctal);
    // The first mount of a device is its own; others are bound to folders of it. Network file systems may hang.
    if (!device?.startsWith('/') || mount === undefined || fstype === undefined || found.has(device))
      continue;
    const size = sizeOf(mount);
    if (size === undefined) continue;
    const unit = size < GIB ? MIB : GIB;
    const entry = { device, fstype, mount, size_total: Math.floor(size / unit) * unit };
    if (HostFacts.safeParse({ ansible_mounts: [entry] }).success) found.set(device, entry);
  }
  const sorted = [...found.values()].sort((a, b) => (a.mount < b.mount ? -1 : 1));
  return sorted.slice(0, MAX_MOUNTS);
}

/** `/mnt/a\040b`: the kernel writes white space and backslashes as octal digits. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

const UP = 1;

function defaultIpv4({ routes, addressOf }: Machine): HostFacts['ansible_default_ipv4'] {
  const defaults = (routes ?? '')
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
    .filter(([, destination, , flags, , , , mask]) => {
      return destination === '00000000' && mask === '00000000' && (Number.parseInt(flags!, 16) & UP) !== 0;
    })
    .sort((a, b) => Number(a[6]) - Number(b[6]));
  const name = defaults[0]?.[0];
  const address = name === undefined ? undefined : addressOf(name);
  return name === undefined || address === undefined ? undefined : { address, interface: name };
}
