import { cidrFamily, cidrsOverlap, parseCidr, prefixLength, type Cidr } from '../base/cidr.ts';
import { familyOf, parseIp, type Ip, type IpFamily } from '../base/ip.ts';
import type { Problem } from '../base/problem.ts';
import type { KubeObject } from '../kube/types.ts';
import { addressPool, subnetAt } from './ipam.ts';
import { booleanOf, dig, fieldsOf, labelsOf, recordsOf, textOf, textsOf, type Fields } from './json-fields.ts';
import { byFullName, byName, problemAt } from './problems.ts';
import { nodePodCidrs } from './settings.ts';
import type { Labels, Node, Settings } from './types.ts';

const labNodes = ['a', 'b', 'c'];
// 192.168.56.11 is the first lab node (CLI.md); IPv6 mirrors it
const labNetworks: readonly { readonly family: IpFamily; readonly network: Cidr; readonly first: number }[] = [
  { family: 4, network: parseCidr('192.168.56.0/24')!, first: 11 },
  { family: 6, network: parseCidr('fd00:192:168:56::/64')!, first: 0x11 },
];

interface Draft {
  readonly name: string;
  readonly object: KubeObject | null;
  readonly addresses: readonly Ip[];
  readonly podCidrs: readonly Cidr[];
}

/** Every Node given, or the lab's a, b, c; and one for each node that only pods name. Missing InternalIPs and pod CIDRs are allocated in the order of names. */
export function buildNodes(objects: readonly KubeObject[], settings: Settings, sandbox: KubeObject | null): { readonly nodes: readonly Node[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const given = objects.filter((object) => object.kind === 'Node').toSorted(byName);
  const own: readonly Draft[] = given.length > 0 ? given.map(draftOf) : labNodes.map((name) => ({ name, object: null, addresses: [], podCidrs: [] }));
  const drafts = [...own, ...namedByPods(objects, own, problems)];
  const families = [...new Set(settings.podSubnets.map(cidrFamily))];
  const withAddresses = addMissingAddresses(drafts, families);
  const cidrs = podCidrsFor(withAddresses, settings, problems);
  for (const name of Object.keys(fieldsOf(dig(sandbox?.value, 'spec', 'nodes')))) {
    if (!drafts.some((draft) => draft.name === name)) problems.push(problemAt(sandbox!, ['spec', 'nodes', name], 'warning', 'no-such-node', `there is no node ${name}`, `the nodes are ${drafts.map((draft) => draft.name).join(', ')}`));
  }
  const nodes = withAddresses.map((draft): Node => {
    const further = textsOf(dig(sandbox?.value, 'spec', 'nodes', draft.name, 'addresses')).map(parseIp).filter((address) => address !== null);
    return nodeOf(draft, [...new Set([...draft.addresses, ...further])], cidrs.get(draft.name)!);
  });
  return { nodes: nodes.toSorted(byName), problems };
}

function draftOf(object: KubeObject): Draft {
  return { name: object.name, object, addresses: nodeAddresses(object.value), podCidrs: nodePodCidrs(object.value) };
}

/** InternalIPs first, one per family, then the rest in the order given. */
function nodeAddresses(node: Fields): readonly Ip[] {
  const listed = recordsOf(dig(node, 'status', 'addresses'))
    .map((entry) => ({ type: textOf(entry['type']), ip: parseIp(textOf(entry['address'])) }))
    .filter((entry): entry is { type: string; ip: Ip } => entry.ip !== null && (entry.type === 'InternalIP' || entry.type === 'ExternalIP'));
  const internal = listed.filter((entry) => entry.type === 'InternalIP');
  const firsts = ([4, 6] as const).flatMap((family) => internal.find((entry) => familyOf(entry.ip) === family) ?? []);
  const primary = internal[0] !== undefined && familyOf(internal[0].ip) === 6 ? firsts.toReversed() : firsts;
  return [...new Set([...primary, ...internal, ...listed].map((entry) => entry.ip))];
}

// `kubectl get pods -o yaml` names nodes that it does not describe; a node of that name, at the pods' hostIP, lets them stand where they stood
function namedByPods(objects: readonly KubeObject[], known: readonly Draft[], problems: Problem[]): readonly Draft[] {
  const described = new Set(known.map((draft) => draft.name));
  const real = known.some((draft) => draft.object !== null);
  const named = new Map<string, Ip | null>();
  for (const pod of objects.filter((object) => object.kind === 'Pod').toSorted(byFullName)) {
    const name = textOf(dig(pod.value, 'spec', 'nodeName'));
    // among real nodes a name without an address is more likely a slip: such a pod stays Pending
    if (name === '' || described.has(name) || (real && textOf(dig(pod.value, 'status', 'podIP')) === '')) continue;
    if (!named.has(name)) problems.push(problemAt(pod, ['spec', 'nodeName'], 'info', 'implied-node', `no Node object describes ${name}, so one is made up`, 'add the Node to say more about it'));
    named.set(name, named.get(name) ?? parseIp(textOf(dig(pod.value, 'status', 'hostIP'))));
  }
  return [...named].map(([name, address]): Draft => ({ name, object: null, addresses: address === null ? [] : [address], podCidrs: [] })).toSorted(byName);
}

function addMissingAddresses(drafts: readonly Draft[], families: readonly IpFamily[]): readonly Draft[] {
  const taken = new Set(drafts.flatMap((draft) => draft.addresses));
  const pools = labNetworks.filter(({ family }) => families.includes(family)).map(({ family, network, first }) => ({ family, pool: addressPool(network, first, taken) }));
  return drafts.map((draft) => {
    const lacks = ({ family }: { readonly family: IpFamily }): boolean => !draft.addresses.some((address) => familyOf(address) === family);
    // a Node object that has an address of one family is left without the other, as a real one would be
    const wanted = draft.object !== null && draft.addresses.length > 0 ? [] : pools.filter(lacks);
    const added = wanted.map(({ pool }) => pool.next()).filter((address) => address !== null);
    return { ...draft, addresses: [...draft.addresses, ...added] };
  });
}

/** Node CIDR sizes are kube-controller-manager's defaults: /24 and /64 (`--node-cidr-mask-size-ipv4/6`). */
function podCidrsFor(drafts: readonly Draft[], settings: Settings, problems: Problem[]): ReadonlyMap<string, readonly Cidr[]> {
  const given = drafts.flatMap((draft) => draft.podCidrs);
  const next = new Map<Cidr, number>();
  const allocate = (subnet: Cidr): Cidr | null => {
    const bits = Math.max(cidrFamily(subnet) === 4 ? 24 : 64, Math.min(prefixLength(subnet) + 4, cidrFamily(subnet) === 4 ? 30 : 120));
    for (let n = next.get(subnet) ?? 1; ; n++) {
      const candidate = subnetAt(subnet, bits, n);
      next.set(subnet, n + 1);
      if (candidate === null) return null;
      if (!given.some((cidr) => cidrsOverlap(cidr, candidate))) return candidate;
    }
  };
  return new Map(drafts.map((draft) => {
    if (draft.podCidrs.length > 0) return [draft.name, draft.podCidrs];
    const made = settings.podSubnets.map(allocate);
    if (made.includes(null) && draft.object) {
      problems.push(problemAt(draft.object, ['metadata', 'name'], 'warning', 'no-pod-cidr', `no pod CIDR is left for node ${draft.name}`, 'widen networking.podSubnet, or give the node a spec.podCIDR'));
    }
    return [draft.name, made.filter((cidr) => cidr !== null)];
  }));
}

/** Labels that every kubelet sets on its Node (kubernetes.io/hostname, os, arch). */
const kubeletLabels = (name: string): Labels => ({ 'kubernetes.io/arch': 'amd64', 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' });

function nodeOf(draft: Draft, addresses: readonly Ip[], podCidrs: readonly Cidr[]): Node {
  const value = draft.object?.value;
  const conditions = recordsOf(dig(value, 'status', 'conditions'));
  const ready = conditions.find((condition) => condition['type'] === 'Ready');
  const taints = recordsOf(dig(value, 'spec', 'taints')).map((taint) => ({ key: textOf(taint['key']), value: textOf(taint['value']), effect: textOf(taint['effect']) }));
  return {
    name: draft.name,
    labels: { ...kubeletLabels(draft.name), ...labelsOf(dig(value, 'metadata', 'labels')) },
    addresses,
    podCidrs,
    ready: ready === undefined || ready['status'] === 'True',
    unschedulable: booleanOf(dig(value, 'spec', 'unschedulable'), false),
    taints,
    at: draft.object?.at ?? null,
    implied: draft.object === null,
  };
}
