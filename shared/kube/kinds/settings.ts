import { parseCidr } from '../../base/cidr.ts';
import { refuse, shorten, type Check } from '../check.ts';
import type { MapNode, YamlNode } from '../yaml/node.ts';
import { fieldOf, itemsOf, textOf } from '../yaml/tree.ts';
import { checkCidr, checkIp, oneOf } from './rules.ts';

/** A Sandbox document's closed sets of values and addresses (CLI.md, Inputs). */
export function checkSandbox(check: Check, root: MapNode): void {
  const spec = fieldOf(root, 'spec');
  oneOf(check, fieldOf(spec, 'podNetwork'), ['bridge', 'vxlan', 'routed']);
  oneOf(check, fieldOf(spec, 'loadBalancer'), ['none', 'cloud', 'metallb']);
  oneOf(check, fieldOf(spec, 'ingressController'), ['lab', 'none']);
  const nodes = fieldOf(spec, 'nodes');
  if (nodes?.kind === 'map') for (const entry of nodes.entries) for (const address of itemsOf(fieldOf(entry.value, 'addresses'))) checkIp(check, address);
}

/** The networks of a kubeadm ClusterConfiguration. */
export function checkClusterConfiguration(check: Check, root: MapNode): void {
  const networking = fieldOf(root, 'networking');
  for (const field of ['podSubnet', 'serviceSubnet']) checkCidrList(check, fieldOf(networking, field));
}

/** What kube-proxy validates of its configuration, as far as Podhop uses it (proxy config validation.go). */
export function checkKubeProxy(check: Check, root: MapNode): void {
  const mode = fieldOf(root, 'detectLocalMode');
  oneOf(check, textOf(mode) ? mode : undefined, ['ClusterCIDR', 'NodeCIDR', 'BridgeInterface', 'InterfaceNamePrefix']);
  checkCidrList(check, fieldOf(root, 'clusterCIDR'));
  const addresses = itemsOf(fieldOf(root, 'nodePortAddresses'));
  for (const address of addresses) if (textOf(address) !== 'primary') checkCidr(check, address);
}

/** One network, or one per family with a comma between them. */
function checkCidrList(check: Check, node: YamlNode | undefined): void {
  const text = textOf(node);
  if (node === undefined || !text) return;
  if (!text.includes(',')) checkCidr(check, node);
  else if (text.split(',').some((part) => parseCidr(part.trim()) === null)) refuse(check, 'bad-cidr', node, (path) => `${path} must be networks with commas between them; found ${shorten(text)}`, 'write 10.244.0.0/16,fd00:10::/56');
}
