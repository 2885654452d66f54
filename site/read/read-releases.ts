import { parse } from 'yaml';
import * as z from 'zod';
import { NAME } from '../../compiler/contract/names.ts';
import { readTree } from '../../compiler/git/read-tree.ts';
import { resolveCommit } from '../../compiler/git/refs.ts';
import { openRepository } from '../../compiler/git/repository.ts';
import type { FleetRelease } from '../fleet.ts';
import type { Problems } from './problems.ts';

/** What the portal shows of releases/<release>.yml. The compiler has checked the file; what else is in it is left. */
const ReleaseFile = z.object({
  date: z.string().optional(),
  summary: z.string().optional(),
  components: z
    .record(
      z.string(),
      z.object({
        version: z.string(),
        artifact: z.object({ url: z.string(), sha256: z.string(), size: z.int().min(0) }).optional(),
      }),
    )
    .default({}),
});

/** Where releases are read from: a commit of the workspace's repository. */
export interface ReleaseSource {
  readonly workspace: string;
  /** Null while nothing was compiled. */
  readonly commit: string | null;
}

/** The releases that have a file in the workspace, by name. Empty where the commit or the repository is not there. */
export async function readReleases(
  { workspace, commit }: ReleaseSource,
  problems: Problems,
): Promise<Map<string, FleetRelease>> {
  const releases = new Map<string, FleetRelease>();
  if (commit === null) return releases;
  const repository = await openRepository(workspace);
  if ((await resolveCommit(repository, commit)) === undefined) {
    problems.add('site/no-source', { detail: commit });
    return releases;
  }
  const files = await readTree(repository, commit, 'releases');
  for (const [path, bytes] of files) {
    const release = path.endsWith('.yml') ? path.slice(0, -'.yml'.length) : '';
    if (!NAME.test(release)) continue;
    const content = ReleaseFile.safeParse(parseYaml(bytes));
    if (!content.success) problems.add('site/bad-release', { detail: `releases/${path}` });
    const { date = null, summary = null, components = {} } = content.data ?? {};
    releases.set(release, {
      release,
      known: true,
      date,
      summary,
      components: Object.entries(components).map(([component, { version, artifact = null }]) => ({
        component,
        version,
        artifact,
      })),
      notes: new TextDecoder().decode(files.get(`${release}.md`)),
    });
  }
  return releases;
}

function parseYaml(bytes: Uint8Array): unknown {
  try {
    return parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
