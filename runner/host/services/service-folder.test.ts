import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeDisk } from '../apply/disk.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { runningService } from './running-service.ts';
import { formatMark } from './service-definition.ts';
import { ServiceFolder } from './service-folder.ts';

test('a link, a folder and a file of any length are read by nobody, and overwritten by nobody', () => {
  const root = temporaryFolder();
  const path = '/etc/supervisor/conf.d';
  const folder = new ServiceFolder({ disk: nodeDisk, root }, path, (role) => `${role}.conf`);
  const service = runningService({ role: 'datanode' });
  const text = formatMark(';', service);
  folder.write(service.role, text);
  expect([...folder.marks().keys()]).toEqual(['datanode']);
  expect(folder.has('datanode', text)).toBe(true);
  const at = (name: string): string => join(root, path, name);
  symlinkSync(at('datanode.conf'), at('linked.conf'));
  mkdirSync(at('folder.conf'));
  writeFileSync(at('long.conf'), formatMark(';', { ...service, role: 'long' }));
  truncateSync(at('long.conf'), 2 ** 40);
  expect([...folder.marks().keys()]).toEqual(['datanode']);
  for (const role of ['linked', 'folder', 'long']) {
    expect(folder.has(role, text)).toBe(false);
    expect(() => folder.write(role, text)).toThrow('is not khp');
  }
});
