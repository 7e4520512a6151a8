import type { RequestMessage } from '../shared/api/channel.ts';

const longestMethod = 64;

/** A request as it came over a channel, or null where it is none: exactly `id` (a positive whole number), `method` and `input`. */
export function readRequest(message: unknown): RequestMessage | null {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return null;
  if (Object.keys(message).toSorted().join() !== 'id,input,method') return null;
  const { id, method, input } = message as Readonly<Record<'id' | 'method' | 'input', unknown>>;
  const isId = typeof id === 'number' && Number.isSafeInteger(id) && id > 0;
  return isId && typeof method === 'string' && method.length <= longestMethod ? { id, method, input } : null;
}
