import { JinjaError } from '../../jinja/errors.ts';

/** Python's `re.error`: the pattern or the replacement is none. */
export class RegexError extends JinjaError {
  constructor(message: string, position?: number) {
    super(position === undefined ? message : `${message} at position ${position}`);
    this.name = 're.error';
  }
}
