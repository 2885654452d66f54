import { expect, test } from 'vitest';
import { type Disk, nodeDisk } from '../../runner/host/apply/disk.ts';
import { thisMoment } from '../../runner/host/observe/moment.ts';
import { temporaryFolder } from '../../runner/host/temporary-folder.ts';
import { applyPromotion, makeScenario, scenarioHost } from './crash-scenario.ts';

test('every directory, file and link that is made is labelled by its path, before anybody sees it there', async () => {
  const root = temporaryFolder();
  const asked: string[] = [];
  const label: Disk['label'] = (folder, temporary, { name, path, kind }) => {
    asked.push(`${kind} ${path}`);
    expect(path.endsWith(`/${name}`)).toBe(true);
    expect(nodeDisk.look(folder, temporary)).toBeDefined();
    // A file or a link has another name yet.
    if (kind !== 'folder') expect(nodeDisk.look(folder, name)).toBeUndefined();
  };
  const host = scenarioHost({ ...nodeDisk, label }, root, thisMoment);
  makeScenario(host);
  asked.splice(0);
  expect(await applyPromotion(host, 1)).toMatchObject({ ok: true });
  expect(asked).toEqual(
    expect.arrayContaining([
      'folder /etc',
      'folder /etc/hadoop',
      'folder /etc/hadoop/conf',
      'file /etc/hadoop/conf/core-site.xml',
      'folder /data/1',
      'link /opt/hadoop',
    ]),
  );
  expect(new Set(asked).size).toBe(asked.length);
});
