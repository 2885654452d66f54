import { spawnSync } from 'node:child_process';
import { ServiceProblem } from './service-manager.ts';

/** A user of this machine, as whom a service runs. */
export interface ServiceAccount {
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/** Asks the machine's databases of accounts. Throws ServiceProblem for a user that does not exist, and for root's number. */
export function serviceAccount(user: string): ServiceAccount {
  const { status, stdout } = spawnSync('getent', ['passwd', user], { encoding: 'utf8', timeout: 10_000 });
  const [name, , uid, gid, , home] = status === 0 ? stdout.split('\n')[0]!.split(':') : [];
  if (name !== user || !/^\d+$/.test(uid ?? '') || !/^\d+$/.test(gid ?? '')) {
    throw new ServiceProblem('services/unknown-user', `this host does not have the user ${user}`);
  }
  if (Number(uid) === 0) {
    throw new ServiceProblem('services/unknown-user', `the user ${user} has the number of root`);
  }
  return { uid: Number(uid), gid: Number(gid), home: home || '/' };
}
