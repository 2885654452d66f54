/** The pages' places in the site: folders that end in `/`; the root is empty. */
export const INDEX_PAGE = '';
export const STALE_PAGE = 'stale/';
export const RELEASES_PAGE = 'releases/';

export function clusterPage(type: string, cluster: string): string {
  return `clusters/${type}/${cluster}/`;
}

export function hostPage(host: string): string {
  return `hosts/${host}/`;
}

export function releasePage(release: string): string {
  return `${RELEASES_PAGE}${release}/`;
}

/** The folder by which a page's folder is left up to the site's root: `../../` for `hosts/x/`, empty for the root. */
export function rootOf(page: string): string {
  return '../'.repeat(page.split('/').length - 1);
}

/**
 * The link from one page to another. It is relative and names `index.html`, so that the site works below any path of a
 * server and opened as files alike.
 */
export function linkTo(from: string, to: string): string {
  return `${rootOf(from)}${to}index.html`;
}

/** The id of a file's section on its host's page: its path, with what may not stand in an id or a URL escaped. */
export function fileId(path: string): string {
  return path.toWellFormed().split('/').map(encodeURIComponent).join('/');
}
