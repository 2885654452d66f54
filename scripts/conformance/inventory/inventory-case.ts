/** One inventory, and what is asked of it. */
export interface InventoryCase {
  readonly id: number;
  /** What kind of an inventory it is. */
  readonly feature: string;
  /** Files by path from the folder that is worked in. */
  readonly files: Readonly<Record<string, string>>;
  /** What is given with `-i`, in order. */
  readonly sources: readonly string[];
  readonly hashBehaviour: 'replace' | 'merge';
  /** `--list`, `--graph` and a group, perhaps with variables, or `--host` and a host. */
  readonly ask:
    | readonly ['list']
    | readonly ['graph' | 'host', string]
    | readonly ['graph', string, '--vars'];
  /** Whether Ansible is made to print names of hosts and groups without the mark `!unsafe`, to find out what differs. */
  readonly plainNames?: boolean;
}

/** What a program printed of an inventory. Without `output` it stopped with an error. */
export interface InventoryResult {
  readonly id: number;
  readonly output?: string;
  /** An error that stopped the program: its class and its text. */
  readonly error?: { readonly class: string; readonly message: string };
  /** What the program went on after: sources that Ansible could not parse; our errors, code and file. */
  readonly problems?: readonly string[];
  /** The words of our errors, in the order of `problems`. */
  readonly messages?: readonly string[];
  /** Files of variables that Ansible came to read, and what of the inventory it warned that it leaves out. */
  readonly read?: readonly string[];
  readonly skipped?: readonly string[];
  /** Why the program gave no answer that counts. */
  readonly skip?: string;
}
