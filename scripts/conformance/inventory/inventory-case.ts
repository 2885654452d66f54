/**
 * What Ansible may be made to print in plain text, to find out what a difference comes from: no variables of hosts whose
 * names are no text; names of hosts and groups that are marked unsafe, without the mark.
 */
export type Plain = 'variables' | 'names';

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
  /** `--list`, `--graph` and a group, or `--host` and a host. */
  readonly ask: readonly ['list'] | readonly ['graph' | 'host', string];
  /** Nothing where not said. */
  readonly plain?: readonly Plain[];
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
