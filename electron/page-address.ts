/** The one page there is; every window shows it. */
export const pageAddress = 'app://bundle/index.html';

/** Whether a URL is that page, with whatever query or fragment. */
export function isOwnPage(url: string): boolean {
  return url === pageAddress || url.startsWith(`${pageAddress}?`) || url.startsWith(`${pageAddress}#`);
}
