/** A text that was sealed by an earlier compile is another one now: what is known from before is not to be believed. */
export class StaleSeal extends Error {
  constructor() {
    super('a file is not what it was when it was rendered before');
    this.name = 'StaleSeal';
  }
}
