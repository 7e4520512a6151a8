import type { Channel, EngineNotice, RequestMessage, ResponseMessage } from './channel.ts';
import type { ShellEvent } from './shell-api.ts';

export type EngineChannel = Channel<RequestMessage, ResponseMessage | EngineNotice>;
export type ShellChannel = Channel<RequestMessage, ResponseMessage | ShellEvent>;

/**
 * All that the desktop's preload gives the page, as `globalThis.podhop`: two pipes for JSON-safe messages.
 * Both speak request and response by method (`Methods`, `ShellMethods`); the engine's also carries notices, the shell's also events.
 * Absent in a browser, where the engine is a Web Worker behind the same EngineChannel and the shell is the browser's own.
 */
export interface Bridge {
  readonly engine: EngineChannel;
  readonly shell: ShellChannel;
}
