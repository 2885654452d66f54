import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeDisk } from '../apply/disk.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { runningService } from './running-service.ts';
import { formatMark } from './service-definition.ts';
import { hasServiceFile, readServiceFiles, type ServiceFolder, writeServiceFile } from './service-files.ts';

test('a link, a folder and a file of any length are read by nobody, and overwritten by nobody', () => {
  const root = temporaryFolder();
  const path = '/etc/supervisor/conf.d';
  const folder: ServiceFolder = { rooted: { disk: nodeDisk, root }, path, nameOf: (role) => `${role}.conf` };
  const service = runningService({ role: 'datanode' });
  const text = formatMark(';', service);
  writeServiceFile(folder, service, text);
  expect([...readServiceFiles(folder).keys()]).toEqual(['datanode']);
  expect(hasServiceFile(folder, 'datanode', text)).toBe(true);
  const at = (name: string): string => join(root, path, name);
  symlinkSync(at('datanode.conf'), at('linked.conf'));
  mkdirSync(at('folder.conf'));
  writeFileSync(at('long.conf'), formatMark(';', { ...service, role: 'long' }));
  truncateSync(at('long.conf'), 2 ** 40);
  expect([...readServiceFiles(folder).keys()]).toEqual(['datanode']);
  for (const role of ['linked', 'folder', 'long']) {
    expect(hasServiceFile(folder, role, text)).toBe(false);
    expect(() => writeServiceFile(folder, runningService({ role }), text)).toThrow('is not khp');
  }
});
