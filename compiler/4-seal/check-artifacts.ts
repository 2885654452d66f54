import type { RenderedHost } from '../3-render/rendered-host.ts';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';

/** Endings of what is no tarball, or compressed in a way that no Node reads. */
const UNREAD =
  /\.(?:tar\.(?:xz|bz2|lzma|lz|lz4|lzo|br|Z)|txz|tbz2?|tlz|xz|bz2|zip|7z|rar|jar|war|rpm|deb|dmg|iso)$/i;

/** Finds artifacts whose address says that hosts cannot unpack them. */
export function* checkArtifacts({ host, artifacts }: RenderedHost): Iterable<Diagnostic> {
  for (const { entry, place } of artifacts) {
    const ending = UNREAD.exec(entry.url.split(/[?#]/)[0]!)?.[0];
    if (ending === undefined) continue;
    yield diagnose('seal/artifact-format', {
      message: `the artifact of ${entry.component} ${entry.version} ends in ${ending}, which hosts cannot unpack`,
      place,
      hosts: [host],
    });
  }
}
