import type { Channel, ResponseMessage } from '../../shared/api/channel.ts';
import { serve } from '../../shared/api/serve.ts';
import { createSandbox } from '../../shared/sandbox/create-sandbox.ts';

const channel: Channel<ResponseMessage, unknown> = {
  post: (message) => self.postMessage(message),
  listen: (hear) => {
    const onMessage = (event: MessageEvent<unknown>): void => hear(event.data);
    self.addEventListener('message', onMessage);
    return () => self.removeEventListener('message', onMessage);
  },
};

serve(createSandbox(), channel);
