/** What the benchmark uses of nunjucks, which has no types of its own. */
declare module 'nunjucks' {
  interface Template {
    compile(): void;
    render(variables: Record<string, unknown>): string;
  }
  interface Environment {
    readonly opts: object;
  }
  const nunjucks: {
    readonly Environment: new (
      loader: null,
      options: { autoescape: boolean; trimBlocks: boolean },
    ) => Environment;
    compile(source: string, environment: Environment): Template;
  };
  export default nunjucks;
}
