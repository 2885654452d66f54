import * as z from 'zod';
import type { Place } from '../contract/diagnostic.ts';
import { NAME } from '../contract/names.ts';
import type { Dict } from '../jinja/values/dict.ts';
import { NAME_WORDS } from './name-words.ts';
import type { Places } from './workspace.ts';

const name = z.string().regex(NAME, NAME_WORDS);

/** What a release says of a component. Without `artifact`, the component is installed by other means. */
export const ReleaseComponent = z.strictObject({
  version: z.string(),
  artifact: z
    .strictObject({
      url: z.string(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256: 64 hex digits'),
      size: z.int().min(1),
    })
    .optional(),
});

/** releases/<release>.yml: the distribution release. `khp_release` in templates is this very mapping. */
export const ReleaseFile = z.strictObject({
  release: name,
  /** The day it was published, `YYYY-MM-DD`. */
  date: z.iso.date('a day such as 2024-02-29').optional(),
  summary: z.string().optional(),
  components: z.record(name, ReleaseComponent),
});
export type ReleaseFile = z.infer<typeof ReleaseFile>;

export interface Release {
  readonly file: string;
  readonly content: ReleaseFile;
  /** The mapping as written: what `khp_release` is in templates. */
  readonly mapping: Dict;
  /** Where the parts of the mapping stand. */
  readonly places: Places;
  /** Where each component is named. */
  readonly componentPlaces: ReadonlyMap<string, Place>;
  /** releases/<release>.md; empty where there is none. */
  readonly notes: string;
}
