import { createMarkdownProcessor, type RehypePlugin } from '@astrojs/markdown-remark';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';

/** What a note may hold: text and its structure. No image, so that a page loads nothing; no form; no raw HTML. */
const SCHEMA = {
  ...defaultSchema,
  tagNames: defaultSchema.tagNames!.filter((name) => !['img', 'picture', 'source', 'input'].includes(name)),
  attributes: { a: ['href'], ol: ['start'], th: ['align'], td: ['align'] },
  protocols: { href: ['http', 'https', 'mailto'] },
};

interface HtmlNode {
  tagName?: string;
  properties?: Record<string, unknown>;
  children?: HtmlNode[];
}

/** The headings of a note stand below the page's own two levels, with ids that can't be those of the page. */
const demoteHeadings: RehypePlugin = () => (tree: unknown) => {
  let headings = 0;
  visit(tree as HtmlNode, (node) => {
    const level = /^h([1-6])$/.exec(node.tagName ?? '')?.[1];
    if (level === undefined) return;
    headings += 1;
    node.tagName = `h${Math.min(Number(level) + 2, 6)}`;
    node.properties = { id: `note-${headings}` };
  });
};

/** Tables as Markdown has them: their first row names the columns. */
const scopeHeadings: RehypePlugin = () => (tree: unknown) => {
  visit(tree as HtmlNode, (node) => {
    if (node.tagName === 'th') node.properties = { ...node.properties, scope: 'col' };
  });
};

/** A link leads somewhere else (http, https, mailto) or is text: a path within the workspace is no page of the site. */
const dropLocalLinks: RehypePlugin = () => (tree: unknown) => {
  visit(tree as HtmlNode, (node) => {
    if (node.tagName !== 'a' || /^(?:https?:\/\/|mailto:)/i.test(String(node.properties?.href))) return;
    node.tagName = 'span';
    node.properties = {};
  });
};

function visit(node: HtmlNode, change: (node: HtmlNode) => void): void {
  change(node);
  for (const child of node.children ?? []) visit(child, change);
}

const processor = createMarkdownProcessor({
  syntaxHighlight: false,
  gfm: true,
  smartypants: false,
  rehypePlugins: [[rehypeSanitize, SCHEMA], demoteHeadings, scopeHeadings, dropLocalLinks],
});

/** The HTML of release notes in (GitHub's) Markdown, sanitised: what a person wrote can neither run nor load anything. */
export async function renderNotes(markdown: string): Promise<string> {
  return (await (await processor).render(markdown)).code;
}
