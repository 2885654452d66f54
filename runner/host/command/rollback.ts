import { rollBack } from '../run/roll-back.ts';
import { actAndReport } from './apply.ts';
import type { CommandOptions, CommandResult } from './command.ts';

/** `rollback`: back to the last good generation, from the host alone. What is rolled back from is held. */
export function rollbackCommand(options: CommandOptions): Promise<CommandResult> {
  return actAndReport(options, rollBack);
}
