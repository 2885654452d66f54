import { TemplateNotFound } from './errors.ts';

/** Where an environment gets templates by name. */
export interface Loader {
  /** The source of a template, or undefined when there is none of that name. */
  getSource(name: string): string | undefined;
}

/** Templates from a record of name and source. */
export class DictLoader implements Loader {
  readonly #sources: ReadonlyMap<string, string>;

  constructor(sources: { readonly [name: string]: string }) {
    this.#sources = new Map(Object.entries(sources));
  }

  getSource(name: string): string | undefined {
    return this.#sources.get(name);
  }
}

/** The source of a template. @throws TemplateNotFound */
export function loadSource(loader: Loader, name: string): string {
  const source = loader.getSource(name);
  if (source === undefined) throw new TemplateNotFound(name);
  return source;
}
