import type { Manifest } from '../../../compiler/contract/manifest.ts';
import { MAX_ARTIFACT } from './limits.ts';
import { quoted, type Refusal } from './verdict.ts';

/** Part of the name of a folder. */
const VERSION = /^[A-Za-z0-9][A-Za-z0-9._+~-]{0,79}$/;

/** Without a user or a password in it: a bundle is read by many. */
const ADDRESS = /^(?:https?:\/\/[^\s/@]+|file:\/\/)\/\S*$/;

/** Whether the artifacts can be fetched, named and bounded. Their digests are judged when they come. */
export function checkArtifacts({ artifacts }: Pick<Manifest, 'artifacts'>): Refusal | undefined {
  const components = new Set<string>();
  for (const { component, version, url, size } of artifacts) {
    if (components.has(component)) {
      return { code: 'accept/artifact-twice', message: `${component} has more than one artifact` };
    }
    components.add(component);
    if (!VERSION.test(version)) {
      return {
        code: 'accept/path-name',
        message: `the version ${quoted(version)} of ${component} is no part of a name`,
      };
    }
    if (!ADDRESS.test(url) || /[\u0000-\u001f\u007f]/.test(url)) {
      return {
        code: 'accept/artifact-address',
        message: `${quoted(url)} is no address of https, http or file for the artifact of ${component}`,
      };
    }
    if (size > MAX_ARTIFACT) {
      return {
        code: 'accept/oversize',
        message: `the artifact of ${component} has more than ${MAX_ARTIFACT} bytes`,
      };
    }
  }
  return undefined;
}
