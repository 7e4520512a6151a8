import type { ApiError } from './contract.ts';

export type RequestMessage = { readonly id: number; readonly method: string; readonly input: unknown };
export type ResponseMessage = { readonly id: number; readonly ok: true; readonly output: unknown } | { readonly id: number; readonly ok: false; readonly error: ApiError };
/** What the host itself says about the engine: `stopped` while it is being restarted, `failed` when it gave up. */
export type EngineNotice = { readonly notice: 'ready' | 'busy' | 'restarted' | 'stopped' | 'failed'; readonly detail: string };

/** A pipe for JSON-safe messages; one end posts what the other end hears. */
export interface Channel<Out, In> {
  post(message: Out): void;
  /** Returns the way to stop listening. */
  listen(hear: (message: In) => void): () => void;
}
