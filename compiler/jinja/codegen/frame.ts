import { Symbols } from '../parser/scope.ts';

/** What is known about escaping at some place of a template. */
export interface EscapeMode {
  autoescape: boolean;
  /** It can only be known while rendering. */
  volatile: boolean;
}

/** A scope of a template while code is made for it; Jinja's Frame. */
export class Frame {
  readonly escaping: EscapeMode;
  readonly symbols: Symbols;
  /** The local that collects the output. */
  buffer: string;
  /** Output happens only while no parent template is known. */
  requireOutputCheck = false;
  toplevel = false;
  rootlevel = false;
  loopFrame = false;
  blockFrame = false;
  /** Inside an `if`, where unknown filters fail only when they are reached. */
  soft = false;
  /** The local with what `set` assigned in this loop's body or block, for functions that take the context. */
  assigned: { local: string | undefined } = { local: undefined };

  constructor(escaping: EscapeMode, symbols: Symbols, buffer: string) {
    this.escaping = escaping;
    this.symbols = symbols;
    this.buffer = buffer;
  }

  inner(): Frame {
    const frame = new Frame(this.escaping, new Symbols(this.symbols, this.symbols.ids), this.buffer);
    frame.requireOutputCheck = this.requireOutputCheck;
    return frame;
  }

  /** The same scope, in which not everything runs. */
  softened(): Frame {
    const frame = new Frame(this.escaping, this.symbols, this.buffer);
    frame.requireOutputCheck = this.requireOutputCheck;
    frame.toplevel = this.toplevel;
    frame.loopFrame = this.loopFrame;
    frame.blockFrame = this.blockFrame;
    frame.assigned = this.assigned;
    frame.soft = true;
    return frame;
  }
}
