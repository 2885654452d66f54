import type { ComponentTemplate, Format } from '../1-load/component.ts';
import type { Place } from '../contract/diagnostic.ts';
import type { ComponentOnHost } from './component-on-host.ts';
import type { FileContent, RenderedFile, RenderedSecret } from './rendered-file.ts';

/** A file of a component on a host. */
export interface FileInput {
  readonly file: ComponentTemplate;
  /** In component.yml. */
  readonly index: number;
  readonly on: ComponentOnHost;
  /** The template's path from the root of the workspace, and its text. */
  readonly template: string;
  readonly source: string;
}

/** A file of a host by its content; what is seldom asked for is made when it is. */
export class FileOnHost implements RenderedFile {
  readonly host: string;
  readonly cluster: string;
  readonly component: string;
  readonly template: string;
  readonly path: string;
  readonly content: FileContent;
  readonly secrets: readonly RenderedSecret[];
  readonly owner: string;
  readonly group: string;
  readonly mode: string;
  readonly format: Format;
  readonly restart: readonly string[];
  readonly reload: readonly string[];
  readonly #input: FileInput;
  readonly #again: (input: FileInput) => FileContent | undefined;

  /** @param again renders the content, where an earlier compile did and its text is not known */
  constructor(input: FileInput, content: FileContent, again: (input: FileInput) => FileContent | undefined) {
    const { file, on } = input;
    this.host = on.host.host;
    this.cluster = `${on.host.type}/${on.host.cluster}`;
    this.component = on.component.name;
    this.template = input.template;
    this.path = content.head.path;
    this.content = content;
    this.secrets = content.secrets;
    this.owner = content.head.owner;
    this.group = content.head.group;
    this.mode = content.head.mode;
    this.format = file.format;
    this.restart = file.restart;
    this.reload = file.reload;
    this.#input = input;
    this.#again = again;
  }

  get pathPlace(): Place {
    const { on, index } = this.#input;
    return on.component.placeOf(['files', index, 'path']);
  }

  get text(): string {
    this.content.text ??= this.#again(this.#input)?.text;
    if (this.content.text === undefined)
      throw new Error(`${this.template} was rendered before, and cannot be rendered again`);
    return this.content.text;
  }
}
