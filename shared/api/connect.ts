import type { Channel, EngineNotice, RequestMessage, ResponseMessage } from './channel.ts';
import { methods, type Input, type Method, type Output, type SandboxApi } from './contract.ts';
import { ApiFailure } from './failure.ts';

interface Waiting { readonly resolve: (output: never) => void; readonly reject: (error: ApiFailure) => void }

export interface Connection {
  readonly api: SandboxApi;
  /** Rejects everything that still waits, with this reason: the engine was ended. */
  abandon(reason: string): void;
  close(): void;
}

const isNotice = (message: ResponseMessage | EngineNotice): message is EngineNotice => 'notice' in message;

/** The other end of `serve`: an API whose calls travel over the channel. `onNotice` hears what the host says of the engine. */
export function connect(channel: Channel<RequestMessage, ResponseMessage | EngineNotice>, onNotice: (notice: EngineNotice) => void = () => {}): Connection {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  const abandon = (reason: string): void => {
    for (const one of waiting.values()) one.reject(new ApiFailure('engine-stopped', reason));
    waiting.clear();
  };
  const stop = channel.listen((message) => {
    if (isNotice(message)) {
      if (message.notice === 'restarted' || message.notice === 'failed') abandon(message.detail);
      onNotice(message);
      return;
    }
    const one = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.ok) one?.resolve(message.output as never);
    else one?.reject(new ApiFailure(message.error.code, message.error.message));
  });
  const call = <M extends Method>(method: M) => (input: Input<M>): Promise<Output<M>> =>
    new Promise((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { resolve, reject });
      channel.post({ id, method, input });
    });
  const api = Object.fromEntries(methods.map((method) => [method, call(method)])) as unknown as SandboxApi;
  return { api, abandon, close: stop };
}
