import { ipcMain, type IpcMainEvent } from 'electron';
import { isTrustedSender } from './sender-policy.ts';

export type ChannelName = 'engine' | 'shell';

/** Hears what the windows' own page posts on a channel; the only place that touches ipcMain. A message of anyone else is dropped unread. */
export function onTrusted(channel: ChannelName, ownWindows: () => ReadonlySet<number>, hear: (message: unknown, windowId: number) => void): void {
  ipcMain.on(channel, (event: IpcMainEvent, message: unknown) => {
    const frame = event.senderFrame;
    const sender = {
      frame: frame === null ? null : { url: frame.url, isTop: frame.parent === null },
      windowId: event.sender.id,
      isDestroyed: event.sender.isDestroyed(),
    };
    if (isTrustedSender(sender, ownWindows())) hear(message, event.sender.id);
    else console.warn(`refused a message on ${channel} from a sender that is not our page`);
  });
}
