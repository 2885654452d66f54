import { setTimeout } from 'node:timers/promises';
import type { ArtifactEntry } from '../../../compiler/contract/manifest.ts';
import { folderPath } from '../artifacts/artifact-folder.ts';
import { stagedFolders } from '../artifacts/artifact-ledger.ts';
import { type StageOutcome, stageArtifacts } from '../artifacts/stage-artifacts.ts';
import { pollRef } from '../fetch/poll-ref.ts';
import type { Host } from './run-once.ts';

/** Whether the host lacks some artifacts. */
export function isFetchDue({ engine }: Pick<Host, 'engine'>, artifacts: readonly ArtifactEntry[]): boolean {
  const staged = stagedFolders(engine.rooted, artifacts);
  return artifacts.some((artifact) => !staged.has(folderPath(artifact)));
}

/**
 * Fetches and unpacks what the host lacks of some artifacts, as its settings say; a signal breaks off a download. The lock
 * is held.
 */
export function stageOn(
  { engine, layout, settings }: Host,
  artifacts: readonly ArtifactEntry[],
  signal?: AbortSignal,
): Promise<StageOutcome> {
  const { mirrors, setuid, proxy: url, no_proxy: except } = settings.config;
  const proxy = url === undefined ? undefined : { url, except };
  return stageArtifacts(engine, artifacts, { mirrors, setuid, downloads: layout.downloads, proxy, signal });
}

/**
 * The same for what is promoted, unless something else is promoted while it is under way: that may not need what is slow to
 * come, so the download is broken off; whoever names the same goes on with it.
 */
export async function stageUnlessPromoted(
  host: Host,
  artifacts: readonly ArtifactEntry[],
): Promise<StageOutcome | 'promoted'> {
  const { config, host: name } = host.settings;
  const [isOver, isNewer] = [new AbortController(), new AbortController()];
  const request = { gitDir: host.layout.repository, url: config.repository, host: name };
  const watch = async (): Promise<void> => {
    while (!isOver.signal.aborted && !isNewer.signal.aborted) {
      await setTimeout(config.interval * 1000, undefined, { signal: isOver.signal }).catch(() => {});
      if (isOver.signal.aborted) return;
      if (await pollRef(request).catch(() => false)) isNewer.abort();
    }
  };
  const watching = watch();
  try {
    const staged = await stageOn(host, artifacts, isNewer.signal);
    return !staged.ok && isNewer.signal.aborted ? 'promoted' : staged;
  } finally {
    // Whatever it came to: who goes on watching keeps the run from its end.
    isOver.abort();
    await watching;
  }
}
