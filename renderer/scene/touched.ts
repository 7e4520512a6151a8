import type { Cluster } from '../../shared/model/types.ts';
import type { Answer } from '../../shared/api/shapes.ts';
import { rewritesOf } from '../../shared/trace/rewrites.ts';
import { placeOf } from './labels.ts';
import { podId } from '../../shared/model/describe.ts';

/** What any branch touches: namespaces, pods that a packet was on its way to, the nodes of the pods among them, and the Service that was asked for. */
export interface Touched { readonly places: ReadonlySet<string>; readonly service: string | null }

export const nothingTouched: Touched = { places: new Set(), service: null };

/** The Service of the question: the one it names, else the one whose rule rewrote the destination on the way. */
function serviceOf({ journey, glossary }: Answer): string | null {
  if (journey.to?.kind === 'Service') return `service/${journey.to.namespace ?? 'default'}/${journey.to.name}`;
  for (const branch of journey.branches) {
    for (const leg of branch.legs) {
      for (const hop of leg.trace.hops) {
        for (const step of hop.steps) {
          const about = step.kind === 'rewrite' ? glossary[`${hop.netns} ${step.by}`]?.for : undefined;
          if (about?.kind === 'Service') return `service/${about.namespace ?? 'default'}/${about.name}`;
        }
      }
    }
  }
  return null;
}

/** Collects what the answer's branches touch, so that the rest can step back. */
export function touchedBy(answer: Answer, cluster: Cluster): Touched {
  const places = new Set<string>();
  // whom a dropped packet did not reach stands there all the same
  const headedFor = new Set<string>();
  for (const branch of answer.journey.branches) {
    for (const leg of branch.legs) {
      headedFor.add(rewritesOf(leg.trace).dnat?.ip ?? leg.trace.flow.packet.dst);
      for (const trace of [leg.trace, leg.trace.reply]) for (const hop of trace?.hops ?? []) places.add(placeOf(hop.netns));
    }
  }
  for (const pod of cluster.pods) {
    const place = podId(pod);
    if (!pod.hostNetwork && pod.ips.some((ip) => headedFor.has(ip))) places.add(place);
    if (places.has(place)) places.add(`node/${pod.node}`);
  }
  const service = serviceOf(answer);
  if (service !== null) places.add(service);
  return { places, service };
}
