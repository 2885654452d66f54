import { Refused } from './refused.ts';

/** `omit`: it leaves an argument of a task out, so it may be chosen but not printed. */
export const OMIT = new Refused(
  "'omit' leaves out an argument of a task, and there is no task here; use an empty text, or {% if %} around the line",
);
