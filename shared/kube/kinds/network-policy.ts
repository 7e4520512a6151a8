import { missing, refuse, shorten, startOf, type Check } from '../check.ts';
import type { MapNode, YamlNode } from '../yaml/node.ts';
import { fieldOf, itemsOf, numberOf, textOf } from '../yaml/tree.ts';
import { checkCidr, checkPort, checkPortOrName, checkProtocol, inRange, isStrictlyInside, oneOf } from './rules.ts';
import { checkLabelSelector } from './selector.ts';

/** What the API server validates of a NetworkPolicy (networking validation.go `ValidateNetworkPolicySpec`). */
export function checkNetworkPolicy(check: Check, root: MapNode): void {
  const spec = fieldOf(root, 'spec');
  checkLabelSelector(check, fieldOf(spec, 'podSelector'));
  for (const [field, peers] of [['ingress', 'from'], ['egress', 'to']] as const)
    for (const rule of itemsOf(fieldOf(spec, field))) {
      for (const port of itemsOf(fieldOf(rule, 'ports'))) if (port.kind === 'map') checkPolicyPort(check, port);
      for (const peer of itemsOf(fieldOf(rule, peers))) if (peer.kind === 'map') checkPeer(check, peer);
    }
  const types = itemsOf(fieldOf(spec, 'policyTypes'));
  for (const type of types) oneOf(check, type, ['Ingress', 'Egress']);
  if (types.length > 2) refuse(check, 'too-many', types[2]!, 'spec.policyTypes holds at most two types', 'write each of Ingress and Egress once');
}

function checkPolicyPort(check: Check, entry: YamlNode): void {
  checkProtocol(check, fieldOf(entry, 'protocol'));
  const port = fieldOf(entry, 'port');
  checkPortOrName(check, port);
  const end = fieldOf(entry, 'endPort');
  if (end === undefined) return;
  inRange(check, end, 1, 65535);
  const first = numberOf(port);
  if (port === undefined) refuse(check, 'end-port', end, (path) => `${path} needs a port before it`, 'write port: as well');
  else if (first === undefined) refuse(check, 'end-port', end, (path) => `${path} may not follow a named port`, 'write the port as a number');
  else if ((numberOf(end) ?? first) < first) refuse(check, 'end-port', end, (path) => `${path} ${numberOf(end)} must be at least port ${first}`, 'swap the two numbers');
  else checkPort(check, end);
}

function checkPeer(check: Check, peer: MapNode): void {
  const block = fieldOf(peer, 'ipBlock');
  const pods = fieldOf(peer, 'podSelector');
  const namespaces = fieldOf(peer, 'namespaceSelector');
  checkLabelSelector(check, pods);
  checkLabelSelector(check, namespaces);
  if (block === undefined && pods === undefined && namespaces === undefined) refuse(check, 'empty-peer', peer, (path) => `${path} must name a podSelector, a namespaceSelector or an ipBlock`, 'write podSelector: {} for all pods of this namespace, or leave the whole list out for everyone', startOf(peer));
  if (block === undefined) return;
  const selector = pods ?? namespaces;
  if (selector) refuse(check, 'ip-block-with-selector', block, (path) => `${path} may not stand beside a selector in one peer`, 'make two entries of the list', startOf(block));
  if (block.kind === 'map') checkIpBlock(check, block);
}

function checkIpBlock(check: Check, block: YamlNode): void {
  const node = fieldOf(block, 'cidr');
  if (!textOf(node)) return missing(check, block, 'cidr', 'write a network such as 10.0.0.0/24');
  const cidr = checkCidr(check, node);
  for (const item of itemsOf(fieldOf(block, 'except'))) {
    const except = checkCidr(check, item);
    if (cidr !== null && except !== null && !isStrictlyInside(cidr, except)) refuse(check, 'except-outside', item, (path) => `${path} ${shorten(except)} must lie inside ${cidr} and be smaller`, except === cidr ? 'remove the peer instead of excluding all of it' : 'exclude only a part of the block');
  }
}
