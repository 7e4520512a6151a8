import { cableOwner } from '../../shared/model/edit/setting-words.ts';
import type { Cluster, Fault, Node } from '../../shared/model/types.ts';

/** What is out of order with a thing, in the words that the map, the outline and a screen reader give it. */
export interface Trouble {
  /** The gravest first: `Stopped`, `Cable cut`, `kube-proxy stopped`, `Cordoned`. */
  readonly words: readonly string[];
  /** Its own cable is cut. */
  readonly cut: boolean;
  /** Where it has no route to any more: `node b’s pods`, `10.0.0.0/8`. */
  readonly lost: readonly string[];
}

const machine = (name: string): string => (name.includes('/') ? name : `node/${name}`);

function destination(dst: string, { nodes }: Cluster): string {
  const node = nodes.find(({ podCidrs }) => podCidrs.some((cidr) => cidr === dst));
  if (node !== undefined) return `node ${node.name}’s pods`;
  return dst === 'default' || dst === '0.0.0.0/0' || dst === '::/0' ? 'everywhere else' : dst;
}

/** How grave each is, and the word for it; '' for what is no single thing's. */
function wordOf(fault: Fault): readonly [id: string, grave: number, word: string] | null {
  switch (fault.kind) {
    case 'node-stopped': return [machine(fault.node), 0, 'Stopped'];
    case 'link-cut': return [machine(cableOwner(fault.a, fault.b)), 2, 'Cable cut'];
    case 'stale-kube-proxy': return [machine(fault.node), 3, 'kube-proxy stopped'];
    case 'br-netfilter-off': return [machine(fault.node), 5, 'br_netfilter off'];
    case 'hairpin-off': return [machine(fault.node), 6, 'hairpin mode off'];
    case 'mtu': return [machine(fault.on), 7, `MTU ${fault.bytes}`];
    default: return null;
  }
}

interface Found { readonly graded: (readonly [grave: number, word: string])[]; readonly lost: Set<string> }

/** What a node's own manifest says of it (kubectl: NotReady, SchedulingDisabled). */
const ownWords = ({ ready, unschedulable }: Node): readonly (readonly [number, string])[] => [...(ready ? [] : [[1, 'Not ready'] as const]), ...(unschedulable ? [[4, 'Cordoned'] as const] : [])];

function findTroubles(cluster: Cluster): ReadonlyMap<string, Trouble> {
  const found = new Map<string, Found>();
  const at = (id: string): Found => {
    const known = found.get(id) ?? { graded: [], lost: new Set() };
    found.set(id, known);
    return known;
  };
  for (const node of cluster.nodes) {
    const own = ownWords(node);
    if (own.length > 0) at(`node/${node.name}`).graded.push(...own);
  }
  for (const fault of cluster.settings.faults) {
    const said = wordOf(fault);
    if (said !== null) at(said[0]).graded.push([said[1], said[2]]);
    else if (fault.kind === 'route-cut') at(machine(fault.on)).lost.add(destination(fault.dst, cluster));
  }
  return new Map([...found].map(([id, { graded, lost }]) => {
    const words = [...new Set(graded.toSorted(([a], [b]) => a - b).map(([, word]) => word))];
    return [id, { words, cut: words.includes('Cable cut'), lost: [...lost] }];
  }));
}

const remembered = new WeakMap<Cluster, ReadonlyMap<string, Trouble>>();
const none: Trouble = { words: [], cut: false, lost: [] };

/** What is out of order with a thing, by its id (`node/b`, `pod/shop/web`, `client/office`, `router/lab`). */
export function troubleOf(cluster: Cluster, id: string): Trouble {
  const known = remembered.get(cluster) ?? findTroubles(cluster);
  remembered.set(cluster, known);
  return known.get(id) ?? none;
}

/** `No route to node b’s pods, node c’s pods`; '' where every route is there. Of many, how many. */
export function lostWords(lost: readonly string[]): string {
  if (lost.length === 0) return '';
  return lost.length > 2 ? `No route to ${lost[0]} and ${lost.length - 1} more` : `No route to ${lost.join(' and ')}`;
}

/** All of it in one line, as lists and screen readers say it. */
export const troubleWords = ({ words, lost }: Trouble): readonly string[] => [...words, ...(lost.length === 0 ? [] : [lostWords(lost)])];

/** Whether a node is up: it says so itself, and nobody has stopped it. */
export const isUp = (cluster: Cluster, node: Node): boolean => node.ready && !troubleOf(cluster, `node/${node.name}`).words.includes('Stopped');
