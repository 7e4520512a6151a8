import { isOwnPage } from './page-address.ts';

/** What Electron tells about who sent a message. */
export interface Sender {
  /** Null once the frame has gone (WebFrameMain, Electron ≥ 33). */
  readonly frame: { readonly url: string; readonly isTop: boolean } | null;
  readonly windowId: number;
  readonly isDestroyed: boolean;
}

/** Whether a message comes from the top frame of one of our own windows that shows our own page (reliability A9). */
export function isTrustedSender({ frame, windowId, isDestroyed }: Sender, ownWindows: ReadonlySet<number>): boolean {
  return !isDestroyed && frame !== null && frame.isTop && ownWindows.has(windowId) && isOwnPage(frame.url);
}
