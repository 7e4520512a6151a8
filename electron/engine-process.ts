// The engine's own process. It installs no signal handlers: SIGTERM must end it (reliability G2).
import type { Channel, ResponseMessage } from '../shared/api/channel.ts';
import { serve } from '../shared/api/serve.ts';
import { createSandbox } from '../shared/sandbox/create-sandbox.ts';

const port = process.parentPort;

const channel: Channel<ResponseMessage, unknown> = {
  post: (message) => port.postMessage(message),
  listen: (hear) => {
    const onMessage = (event: { readonly data: unknown }): void => hear(event.data);
    port.on('message', onMessage);
    return () => void port.off('message', onMessage);
  },
};

serve(createSandbox(), channel);
