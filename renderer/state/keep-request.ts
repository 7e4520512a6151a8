import type { Opened } from '../../shared/api/shapes.ts';
import { findPlace } from './places.ts';
import type { Request } from './world.ts';

/** What of the request still exists in this cluster; typed addresses and names stay. */
export function keepRequest(request: Request, opened: Opened): Request {
  const gone = (id: string): boolean => /^(pod|service|node|client|host)\//.test(id) && findPlace(opened.cluster, id) === null;
  return gone(request.from) || gone(request.to) ? { ...request, from: gone(request.from) ? '' : request.from, to: gone(request.to) ? '' : request.to } : request;
}
