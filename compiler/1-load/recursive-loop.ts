/** Ansible's words where a group is made the child of one below it. */
export function recursiveLoop(parent: string, child: string): string {
  return `Adding group '${child}' as child to '${parent}' creates a recursive dependency loop`;
}

/** The error where `all` was made the child of a group: Ansible ends with it once every source is read, not before. */
export function loopThroughAll(parent: string, child: string): string | undefined {
  return child === 'all' ? recursiveLoop(parent, child) : undefined;
}
