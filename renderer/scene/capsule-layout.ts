import type { Cluster, Service } from '../../shared/model/types.ts';
import type { Rect } from './geometry.ts';
import type { Frame, LayoutOptions } from './layout-options.ts';
import type { Capsule, Scene } from './scene.ts';

export const serviceId = (s: Service): string => `service/${s.namespace}/${s.name}`;
const gap = 10;
const widest = 300;
const moreWidth = 74;

/** A Service's address; with its port where it has just one and is the one in the request. */
export function serviceAddress(s: Service, asked: boolean): string {
  const ip = s.clusterIps[0];
  if (ip === undefined) return s.headless ? 'headless' : s.externalName;
  return asked && s.ports.length === 1 ? `${ip}:${s.ports[0]?.port ?? ''}` : ip;
}

/** Room for the words, by the fonts' mean advance: 7.7 px a letter of the name, 7.3 px a character of the address. Where words are large, names are more so. */
function widthOf(s: Service, asked: boolean, letters: number): number {
  const [name, address] = letters > 1 ? [2.1, 1.65] : [1, 1];
  return Math.min(widest * letters, 36 + name * Math.max(26, Math.ceil(s.name.length * 7.7)) + 16 * letters + address * Math.ceil(serviceAddress(s, asked).length * 7.3));
}

/** What a screen reader says of a Service: its type, what its settings make of traffic, its address: "Service cart, NodePort, inside traffic stays on its node, 10.96.0.9:80". */
export function serviceLabel(s: Service): string {
  const outside = s.type === 'NodePort' || s.type === 'LoadBalancer';
  return [
    `Service ${s.name}`, s.type, s.internalTrafficPolicy === 'Local' ? 'inside traffic stays on its node' : '', outside && s.externalTrafficPolicy === 'Local' ? 'outside traffic stays on its node' : '',
    s.sessionAffinitySeconds === null ? '' : 'each client keeps its pod', serviceAddress(s, true),
  ].filter((part) => part !== '').join(', ');
}

const toCapsule = (s: Service, rect: Rect, asked: boolean): Capsule => ({ id: serviceId(s), rect, name: s.name, namespace: s.namespace, address: serviceAddress(s, asked), label: serviceLabel(s) });

interface Placed { readonly capsules: readonly Capsule[]; readonly more: Scene['moreServices']; readonly rows: number }

/** Services in lines from `start` to the right edge; what does not fit into `lines` becomes a count. The Service in the request comes first, over its sheet. */
export function layoutCapsules(services: Cluster['services'], options: LayoutOptions, frame: Frame, sheetX: number): Placed {
  const height = 34;
  const y0 = frame.services;
  const unfolded = options.unfolded.has('services');
  const right = frame.width - 18;
  const first = services.find((s) => serviceId(s) === options.service);
  const rest = services.filter((s) => s !== first);
  const lines = unfolded ? Number.POSITIVE_INFINITY : 1;
  const capsules: Capsule[] = [];
  let line = 0;
  let x = frame.left + 76 * frame.letters;
  if (first !== undefined) {
    const width = Math.max(widthOf(first, true, frame.letters), 170);
    const left = Math.max(x, Math.min(sheetX - width / 2, right - width));
    capsules.push(toCapsule(first, { x: left, y: y0, width, height }, true));
    x = left + width + gap;
  }
  for (const [i, service] of rest.entries()) {
    const width = widthOf(service, false, frame.letters);
    const last = i === rest.length - 1;
    const needed = line + 1 >= lines && !last ? width + gap + moreWidth : width;
    if (x + needed > right) {
      if (line + 1 >= lines) break;
      line += 1;
      x = frame.left + 76 * frame.letters;
    }
    capsules.push(toCapsule(service, { x, y: y0 + line * (height + 8), width, height }, false));
    x += width + gap;
  }
  const count = services.length - capsules.length;
  const more = count > 0 || unfolded ? { rect: { x: Math.min(x, right - moreWidth), y: y0 + line * (height + 8), width: moreWidth, height }, count, folds: unfolded } : null;
  return { capsules, more, rows: line + 1 };
}
