import { type JinjaError, repr, StrictUndefined, type Value } from '../../jinja/jinja.ts';
import { AnsibleUndefinedVariable } from '../errors.ts';

/** Ansible's undefined: as strict as Jinja's strict one, but its attributes and items are itself. */
export class AnsibleUndefined extends StrictUndefined {
  override typeName = 'AnsibleUndefined';
  override readonly typeModule = 'ansible.template';

  override error(): JinjaError {
    return new AnsibleUndefinedVariable(this.message);
  }

  override pyGetAttribute(_name: string): Value | undefined {
    return this;
  }

  override pyGetItem(_key: Value): Value | undefined {
    return this;
  }

  // Python finds `__html__` on it, as any attribute.
  override pyHtml(): string {
    return this.fail();
  }

  override pyRepr(): string {
    const { hint, object, name } = this.origin;
    const shown = object === undefined ? 'missing' : repr(object);
    return `AnsibleUndefined(hint=${repr(hint ?? null)}, obj=${shown}, name=${repr(name ?? null)})`;
  }
}
