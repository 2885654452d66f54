import type { output, ZodType } from 'zod';
import type { Place } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import { checkExpressions } from './check-expressions.ts';
import { checkSchema } from './check-schema.ts';
import { checkSums } from './check-sums.ts';
import { type Beside, type Component, ComponentFile } from './component.ts';
import { DeclarationsFile } from './declaration.ts';
import type { Role } from './layout.ts';
import { RulesFile } from './rule.ts';
import type { SourceReader } from './source-reader.ts';
import { placeAt, type YamlSource } from './yaml-source.ts';

/** Reads the components of templates/, by name; what they say of each other is not looked at. */
export function loadComponents(
  reader: SourceReader,
  roles: ReadonlyMap<string, Role>,
): Map<string, Component> {
  const components = new Map<string, Component>();
  for (const name of componentFolders(roles)) {
    const file = `templates/${name}/component.yml`;
    if (reader.has(file)) {
      const component = loadComponent(reader, name, file);
      if (component) components.set(name, component);
      continue;
    }
    const place: Place = { file: firstFile(roles, name), line: 1, column: 1 };
    const message = `templates/${name} has no component.yml`;
    reader.diagnostics.push(diagnose('load/missing-component-file', { place, message }));
  }
  // Where not all rules are known, a limit may be among those that are missing.
  const isWrong = reader.diagnostics.some(({ place }) =>
    /^templates\/[^/]+\/rules\.yml$/.test(place?.file ?? ''),
  );
  if (!isWrong && components.size === componentFolders(roles).size)
    reader.diagnostics.push(...checkSums(components.values()));
  return components;
}

/** The folders of templates/, sorted: the components that there are, whether they can be read or not. */
export function componentFolders(roles: ReadonlyMap<string, Role>): Set<string> {
  const names = [...roles.values()].flatMap((role) => ('component' in role ? [role.component] : []));
  return new Set(names.sort());
}

function firstFile(roles: ReadonlyMap<string, Role>, component: string): string {
  return [...roles.keys()].find((path) => path.startsWith(`templates/${component}/`))!;
}

function loadComponent(reader: SourceReader, name: string, file: string): Component | undefined {
  const source = reader.yaml(file);
  const content = source && reader.take(checkSchema(ComponentFile, source));
  const defaults = reader.vars(`templates/${name}/defaults.yml`);
  const declarations = loadBeside(reader, `templates/${name}/vars.yml`, DeclarationsFile);
  const rules = loadRules(reader, `templates/${name}/rules.yml`);
  if (!source || !content) return undefined;
  if (content.component !== name) {
    const message = `the folder is named \`${name}\`, but its component \`${content.component}\``;
    reader.diagnostics.push(
      diagnose('load/name-mismatch', { place: placeAt(source, ['component']), message }),
    );
  }
  checkTemplates(reader, { name, content, source });
  return { name, file, content, defaults, declarations, rules, placeOf: (path) => placeAt(source, path) };
}

/** The rules of a component; those with Jinja that is none are left out. */
function loadRules(reader: SourceReader, file: string): Component['rules'] {
  const source = reader.yaml(file);
  const content = source && reader.take(checkSchema(RulesFile, source));
  if (!source || content === undefined) return undefined;
  const usable = reader.take(checkExpressions(content, { source, text: reader.text(file)! }));
  return { content: usable, placeOf: (path) => placeAt(source, path) };
}

function loadBeside<S extends ZodType>(
  reader: SourceReader,
  file: string,
  schema: S,
): Beside<output<S>> | undefined {
  const source = reader.yaml(file);
  const content = source && reader.take(checkSchema(schema, source));
  return source && content !== undefined ? { content, placeOf: (path) => placeAt(source, path) } : undefined;
}

interface ComponentSource {
  readonly name: string;
  readonly content: ComponentFile;
  readonly source: YamlSource;
}

function checkTemplates(reader: SourceReader, { name, content, source }: ComponentSource): void {
  const folder = `templates/${name}/`;
  content.files.forEach(({ template }, index) => {
    if (reader.has(folder + template)) return;
    const present = reader.filesBelow(folder).map((path) => path.slice(folder.length));
    const hint = didYouMean(template, present);
    const message = `there is no template \`${template}\` in ${folder.slice(0, -1)}`;
    const place = placeAt(source, ['files', index, 'template']);
    reader.diagnostics.push(
      diagnose('load/missing-template', { place, message, ...(hint !== undefined && { hint }) }),
    );
  });
}
