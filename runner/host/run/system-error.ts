/** Whether an error is the operating system's answer (no room, no right), and no bug. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

/** Its message without the path through which an open directory was asked, which says nothing to a person. */
export function systemMessage({ message }: Error): string {
  return message.replace(/\/proc\/self\/fd\/\d+\/?/g, '');
}
