/**
 * A Python float. A JavaScript number is always a Python int in this engine (safe integers only; larger ints
 * are bigint), so that `2.0` and `2` stay apart as they do in Python.
 */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}
