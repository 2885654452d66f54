import { Environment as MiniJinja } from 'minijinja-js';
import nunjucks from 'nunjucks';
import { Environment } from '../../compiler/jinja/jinja.ts';

/** Compiles a source and gives the function that renders it. */
export type Compile = (source: string) => (variables: Record<string, unknown>) => string;

/** The JavaScript engines, each with trim_blocks and without escaping, from an environment made anew. */
export const ENGINES: Readonly<Record<string, Compile>> = {
  khp(source) {
    const template = new Environment({ trimBlocks: true, keepTrailingNewline: true }).fromString(source);
    return (variables) => template.render(variables);
  },
  nunjucks(source) {
    const environment = new nunjucks.Environment(null, { autoescape: false, trimBlocks: true });
    const template = nunjucks.compile(source, environment);
    // nunjucks compiles at the first render unless it is told to do so.
    template.compile();
    return (variables) => template.render(variables);
  },
  'minijinja-js'(source) {
    const environment = new MiniJinja();
    environment.trimBlocks = true;
    environment.keepTrailingNewline = true;
    environment.addTemplate('hdfs-site', source);
    return (variables) => environment.renderTemplate('hdfs-site', variables);
  },
};
