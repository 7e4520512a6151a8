// All that the page gets of the desktop: two pipes for messages, nothing that takes a channel name, a path or a command (reliability A11).
import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge } from '../shared/api/bridge.ts';
import type { Channel } from '../shared/api/channel.ts';
import type { ChannelName } from './trusted-sender.ts';

function createChannel<Out, In>(name: ChannelName): Channel<Out, In> {
  return {
    post: (message) => ipcRenderer.send(name, message),
    listen: (hear) => {
      // the event carries the sender: it stays here
      const onMessage = (_event: unknown, message: In): void => hear(message);
      ipcRenderer.on(name, onMessage);
      return () => void ipcRenderer.removeListener(name, onMessage);
    },
  };
}

const bridge: Bridge = { engine: createChannel('engine'), shell: createChannel('shell') };
contextBridge.exposeInMainWorld('podhop', bridge);
