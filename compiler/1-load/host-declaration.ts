import type { VariableName } from '../ansible/values/variable-name.ts';
import type { Place } from '../contract/diagnostic.ts';
import type { Value } from '../jinja/values/value.ts';
import type { Places } from './workspace.ts';

/** A variable as it is read: what it is set to, and where. */
export interface DraftVar extends VariableName {
  readonly value: Value;
  readonly place: Place;
  /** Where the parts of the value stand, in a file that says so. */
  readonly places?: Places;
}

/** What one line or entry says of its hosts. */
export interface HostDeclaration {
  readonly group: string;
  readonly port: number | undefined;
  readonly place: Place;
  readonly vars: readonly DraftVar[];
}
