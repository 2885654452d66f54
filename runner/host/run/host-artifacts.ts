import type { ArtifactEntry } from '../../../compiler/contract/manifest.ts';
import { type StageOutcome, stageArtifacts } from '../artifacts/stage-artifacts.ts';
import type { Host } from './run-once.ts';

/** Fetches and unpacks what the host lacks of some artifacts, as its settings say. The lock is held. */
export function stageOn(
  { engine, layout, settings }: Host,
  artifacts: readonly ArtifactEntry[],
): Promise<StageOutcome> {
  const { mirrors, setuid } = settings.config;
  return stageArtifacts(engine, artifacts, { mirrors, setuid, downloads: layout.downloads });
}
