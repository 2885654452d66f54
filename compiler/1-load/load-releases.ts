import type { Place } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import { Dict } from '../jinja/values/dict.ts';
import { byName } from './by-name.ts';
import { checkSchema } from './check-schema.ts';
import type { Role } from './layout.ts';
import { type Release, ReleaseFile } from './release.ts';
import type { SourceReader } from './source-reader.ts';
import { placeAt } from './yaml-source.ts';

/** Reads releases/, by the releases' names; each of their components must be one of `components`. */
export function loadReleases(
  reader: SourceReader,
  roles: ReadonlyMap<string, Role>,
  components: ReadonlySet<string>,
): Map<string, Release> {
  const releases = new Map<string, Release>();
  const named = new Set([...roles.values()].flatMap((role) => (role.is === 'release' ? [role.name] : [])));
  for (const [file, role] of roles) {
    if (role.is === 'release') {
      const release = loadRelease(reader, { file, name: role.name, components });
      if (release) releases.set(role.name, release);
    } else if (role.is === 'notes' && !named.has(role.name)) {
      const hint = didYouMean(role.name, named);
      const message = `there is no release \`${role.name}\``;
      const place: Place = { file, line: 1, column: 1 };
      reader.diagnostics.push(
        diagnose('load/notes-without-release', { place, message, ...(hint !== undefined && { hint }) }),
      );
    }
  }
  return byName(releases);
}

interface ReleaseSource {
  readonly file: string;
  readonly name: string;
  readonly components: ReadonlySet<string>;
}

function loadRelease(reader: SourceReader, { file, name, components }: ReleaseSource): Release | undefined {
  const source = reader.yaml(file);
  const content = source && reader.take(checkSchema(ReleaseFile, source));
  const notes = reader.text(`releases/${name}.md`) ?? '';
  if (!source || !content || !(source.value instanceof Dict)) return undefined;
  if (content.release !== name) {
    const message = `the file is named \`${name}\`, but its release \`${content.release}\``;
    reader.diagnostics.push(diagnose('load/name-mismatch', { place: placeAt(source, ['release']), message }));
  }
  const componentPlaces = new Map<string, Place>();
  for (const component of Object.keys(content.components)) {
    const place = placeAt(source, ['components', component]);
    componentPlaces.set(component, place);
    if (components.has(component)) continue;
    const message = `release \`${name}\` has a component \`${component}\`, but there is no folder templates/${component}`;
    const hint = didYouMean(component, components);
    reader.diagnostics.push(
      diagnose('load/unknown-component', { place, message, ...(hint !== undefined && { hint }) }),
    );
  }
  return { file, content, mapping: source.value, places: source.places, componentPlaces, notes };
}
