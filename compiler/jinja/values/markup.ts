import { PyText } from './value.ts';

/** markupsafe's Markup: a text that is safe to insert into HTML or XML as it is. */
export class Markup extends PyText {
  readonly typeName = 'Markup';
  override readonly typeModule = 'markupsafe';
}
