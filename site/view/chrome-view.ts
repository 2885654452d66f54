import type { Fleet } from '../fleet.ts';
import { shortDigest } from './amount.ts';
import { INDEX_PAGE, linkTo, RELEASES_PAGE, rootOf, STALE_PAGE } from './link.ts';
import { type Moment, momentOf } from './time.ts';

/** What surrounds every page. */
export interface ChromeView {
  readonly title: string;
  readonly policy: string;
  readonly stylesheet: string;
  readonly links: readonly { readonly text: string; readonly href: string; readonly isCurrent: boolean }[];
  readonly now: Moment;
  /** From which commit the site tells, in one sentence. */
  readonly origin: string;
  readonly legendHref: string;
}

interface PageFrame {
  readonly page: string;
  readonly title: string;
  /** The stylesheet's absolute path in a site at the root. */
  readonly stylesheet: string;
}

/** Nothing runs on a page, and it loads its stylesheet only, whatever stood in a host's file or in a note. */
const POLICY = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'";

export function viewChrome({ compiled, now }: Fleet, { page, title, stylesheet }: PageFrame): ChromeView {
  const links = [
    { text: 'Fleet', to: INDEX_PAGE },
    { text: 'Not current', to: STALE_PAGE },
    { text: 'Releases', to: RELEASES_PAGE },
  ];
  return {
    title: `${title} · khp`,
    policy: POLICY,
    stylesheet: rootOf(page) + stylesheet.replace(/^\//, ''),
    links: links.map(({ text, to }) => ({ text, href: linkTo(page, to), isCurrent: to === page })),
    now: momentOf(now, now),
    origin: originOf(compiled),
    legendHref: `${linkTo(page, INDEX_PAGE)}#states`,
  };
}

function originOf(compiled: Fleet['compiled']): string {
  if (!compiled) return 'Nothing is compiled yet.';
  const source = compiled.source ? `from commit ${shortDigest(compiled.source)}` : 'from an unknown commit';
  const compiler = compiled.compiler ? ` by compiler ${compiled.compiler}` : '';
  return `Bundles compiled ${source}${compiler}. Hosts verify signatures; these pages do not.`;
}
