import { JinjaError, UndefinedError } from '../jinja/errors.ts';

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

/** A secret was used otherwise than by inserting it whole. */
export class SecretError extends JinjaError {
  constructor(message: string) {
    super(message);
    this.name = 'SecretError';
  }
}

/** A secret has more characters than a bundle can hold of one. */
export class LongSecret extends JinjaError {
  constructor(message: string) {
    super(message);
    this.name = 'LongSecret';
  }
}

/** A value marked as a secret is none. */
export class MalformedSecret extends JinjaError {
  constructor(message: string) {
    super(message);
    this.name = 'MalformedSecret';
  }
}
