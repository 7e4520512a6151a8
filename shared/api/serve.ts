import type { Channel, RequestMessage, ResponseMessage } from './channel.ts';
import type { ApiError, SandboxApi } from './contract.ts';
import { ApiFailure } from './failure.ts';
import { isMethod, parseInput } from './schemas.ts';

function asRequest(message: unknown): RequestMessage | null {
  if (typeof message !== 'object' || message === null) return null;
  const { id, method, input } = message as Partial<RequestMessage>;
  return typeof id === 'number' && Number.isSafeInteger(id) && typeof method === 'string' ? { id, method, input } : null;
}

function toError(thrown: unknown): ApiError {
  if (thrown instanceof ApiFailure) return { code: thrown.code, message: thrown.message };
  // Our own bug: one sentence for the person, never a stack trace (reliability §2 (h)).
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'engine-failed', message: `The engine failed on this request: ${detail}` };
}

/** Answers requests that come over the channel with this API, in the order they come; unknown methods and wrong inputs are refused. Returns the way to stop. */
export function serve(api: SandboxApi, channel: Channel<ResponseMessage, unknown>): () => void {
  const answer = async (request: RequestMessage): Promise<ResponseMessage> => {
    if (!isMethod(request.method)) return { id: request.id, ok: false, error: { code: 'bad-request', message: 'no such method' } };
    const input = parseInput(request.method, request.input);
    if (!input.ok) return { id: request.id, ok: false, error: { code: 'bad-request', message: input.message } };
    try {
      const call = api[request.method] as (value: unknown) => Promise<unknown>;
      return { id: request.id, ok: true, output: await call(input.value) };
    } catch (thrown) {
      return { id: request.id, ok: false, error: toError(thrown) };
    }
  };
  return channel.listen((message) => {
    const request = asRequest(message);
    if (request) void answer(request).then((response) => channel.post(response));
  });
}
