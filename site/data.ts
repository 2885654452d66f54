import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fleet, HostDetail } from './fleet.ts';

/**
 * How the fleet reaches the pages: a folder with `fleet.json`, and a file a host under `hosts/`, so that neither the
 * writer nor the pages hold the content of all hosts at once. The pages find it by this variable.
 */
export const DATA_VARIABLE = 'KHP_SITE_DATA';

/** Makes the folder; before any other write. */
export function createDataFolder(folder: string): void {
  mkdirSync(join(folder, 'hosts'), { recursive: true });
}

export function writeFleet(folder: string, fleet: Fleet): void {
  writeFileSync(join(folder, 'fleet.json'), JSON.stringify(fleet));
}

export function writeHost(folder: string, host: string, detail: HostDetail): void {
  writeFileSync(join(folder, 'hosts', host), JSON.stringify(detail));
}

let fleet: Fleet | undefined;

/** The fleet of this build; read once. Throws where the variable doesn't name such a folder. */
export function loadFleet(): Fleet {
  fleet ??= readJson<Fleet>('fleet.json');
  return fleet;
}

/** What a host's page shows beyond its entry in the fleet. */
export function loadHost(host: string): HostDetail {
  return readJson<HostDetail>(join('hosts', host));
}

function readJson<T>(name: string): T {
  const folder = process.env[DATA_VARIABLE];
  if (folder === undefined) throw new Error(`${DATA_VARIABLE} is not set: build the portal by \`khp site\``);
  return JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
}
