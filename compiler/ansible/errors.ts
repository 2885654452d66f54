import { JinjaError, UndefinedError } from '../jinja/jinja.ts';

/** What Ansible raises for a template's mistake beyond Jinja's own errors. */
export class AnsibleError extends JinjaError {
  constructor(message: string) {
    super(message);
    this.name = 'AnsibleError';
  }
}

/** A filter was given what it can't take. */
export class AnsibleFilterError extends AnsibleError {
  constructor(message: string) {
    super(message);
    this.name = 'AnsibleFilterError';
  }
}

/** Something undefined was used. */
export class AnsibleUndefinedVariable extends UndefinedError {
  constructor(message: string) {
    super(message);
    this.name = 'AnsibleUndefinedVariable';
  }
}
