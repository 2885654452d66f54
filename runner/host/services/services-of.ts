import type { RootedDisk } from '../apply/folders.ts';
import type { RunnerConfig } from '../config/runner-config.ts';
import { thisMoment } from '../observe/moment.ts';
import type { Services } from './carry-out.ts';
import { serviceAccount } from './service-account.ts';
import { ServiceProblem } from './service-manager.ts';
import { supervisord } from './supervisord.ts';
import { systemd } from './systemd.ts';

/**
 * The services of a host as runner.yml says who runs them; undefined where nobody does that khp knows of. Users are
 * switched by root on a real host alone. Nothing is run as a user that runner.yml has taken back since.
 */
export function servicesOf(
  { services: config, users }: Pick<RunnerConfig, 'services' | 'users'>,
  { rooted, switchesUsers }: { readonly rooted: RootedDisk; readonly switchesUsers: boolean },
): Services | undefined {
  if (!config) return undefined;
  const accountOf: Services['accountOf'] = (user) => {
    if (!users.includes(user)) {
      throw new ServiceProblem('services/user', `runner.yml does not have ${user} among its users`);
    }
    return switchesUsers ? serviceAccount(user) : undefined;
  };
  if (config.manager === 'supervisord') {
    const { socket, username, password, programs, logs } = config;
    const login = username === undefined || password === undefined ? undefined : { username, password };
    const manager = supervisord({ rooted, accountOf, socket, login, programs, logs });
    return { accountOf, moment: thisMoment, manager };
  }
  const manager = systemd({ rooted, accountOf, units: config.units });
  return { accountOf, moment: thisMoment, manager };
}
