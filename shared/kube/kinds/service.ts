import { familyOf, type Ip } from '../../base/ip.ts';
import { checkLabel, checkQualifiedName, checkSubdomain } from '../names.ts';
import { missing, refuse, refuseName, shorten, warn, type Check } from '../check.ts';
import type { MapNode, YamlNode } from '../yaml/node.ts';
import { fieldOf, itemsOf, numberOf, textOf } from '../yaml/tree.ts';
import { checkCidr, checkIp, checkPort, checkPlainProtocol, checkPortOrName, checkUsableIp, inRange, oneOf, oneOfOrEmpty, required } from './rules.ts';
import { checkMapSelector } from './selector.ts';

/** What the API server validates of a Service (core validation.go `ValidateService`). */
export function checkService(check: Check, root: MapNode): void {
  const spec = fieldOf(root, 'spec');
  if (spec?.kind !== 'map') return missing(check, root, 'spec', 'say which ports the Service has');
  // Empty texts stand for the defaults (SetDefaults_Service).
  const type = textOf(fieldOf(spec, 'type')) || 'ClusterIP';
  oneOfOrEmpty(check, fieldOf(spec, 'type'), ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']);
  checkMapSelector(check, fieldOf(spec, 'selector'));
  checkClusterIps(check, spec, type);
  checkPorts(check, spec, type);
  if (type === 'ExternalName') checkExternalName(check, spec);
  checkAffinity(check, spec);
  for (const address of itemsOf(fieldOf(spec, 'externalIPs'))) checkUsableIp(check, address);
  checkTrafficPolicies(check, spec, type);
  checkLoadBalancer(check, root, spec, type);
  oneOf(check, fieldOf(spec, 'trafficDistribution'), ['PreferClose', 'PreferSameZone', 'PreferSameNode']);
}

const isHeadless = (spec: YamlNode): boolean => textOf(fieldOf(spec, 'clusterIP')) === 'None' || textOf(itemsOf(fieldOf(spec, 'clusterIPs'))[0]) === 'None';

function checkClusterIps(check: Check, spec: YamlNode, type: string): void {
  const one = fieldOf(spec, 'clusterIP');
  const many = itemsOf(fieldOf(spec, 'clusterIPs'));
  if (type === 'ExternalName') {
    for (const node of [textOf(one) ? one : undefined, fieldOf(spec, 'clusterIPs'), fieldOf(spec, 'ipFamilies'), fieldOf(spec, 'ipFamilyPolicy')])
      if (node && !(node.kind === 'list' && node.items.length === 0)) refuse(check, 'forbidden-field', node, (path) => `${path} may not be set when type is ExternalName`, 'remove it, or change the type');
    return;
  }
  if ((type === 'LoadBalancer' || type === 'NodePort') && isHeadless(spec)) refuse(check, 'forbidden-field', one ?? many[0]!, (path) => `${path} may not be None when type is ${type}`, `remove it; a Service of type ${type} needs a cluster IP`);
  const addresses = [one, ...many].map((node) => (textOf(node) !== 'None' && textOf(node) !== '' ? checkIp(check, node) : null)).slice(1);
  if (!textOf(one) && many.length > 0) refuse(check, 'cluster-ip-mismatch', fieldOf(spec, 'clusterIPs')!, 'spec.clusterIPs may not be set without spec.clusterIP', `write clusterIP: ${textOf(many[0])} as well`);
  if (textOf(one) && many[0] && textOf(one) !== textOf(many[0])) refuse(check, 'cluster-ip-mismatch', many[0], `spec.clusterIPs[0] must equal spec.clusterIP ${textOf(one)}`, 'write the same address in both');
  oneOf(check, fieldOf(spec, 'ipFamilyPolicy'), ['SingleStack', 'PreferDualStack', 'RequireDualStack']);
  checkFamilies(check, itemsOf(fieldOf(spec, 'ipFamilies')), many, addresses);
}

/** ValidateServiceClusterIPsRelatedFields: one address of each family at most, in the families' order where they are said. */
function checkFamilies(check: Check, families: readonly YamlNode[], nodes: readonly YamlNode[], addresses: readonly (Ip | null)[]): void {
  const named = new Set<string>();
  for (const family of families) {
    oneOf(check, family, ['IPv4', 'IPv6']);
    const text = textOf(family) ?? '';
    if (named.has(text)) refuse(check, 'duplicate-value', family, `spec.ipFamilies names ${text} twice`, 'name each family once');
    named.add(text);
  }
  if (nodes.length > 2) return refuse(check, 'too-many', nodes[2]!, 'spec.clusterIPs may hold two addresses at most', 'keep one per family');
  if (nodes.length === 2 && textOf(nodes[0]) === 'None') return refuse(check, 'forbidden-field', nodes[1]!, 'spec.clusterIPs may hold nothing beside None', 'remove it');
  const [first, second] = addresses;
  if (first && second && familyOf(first) === familyOf(second)) refuse(check, 'duplicate-value', nodes[1]!, `spec.clusterIPs may hold one IPv${familyOf(first)} address only`, 'keep one per family');
  addresses.forEach((address, i) => {
    const family = textOf(families[i]);
    if (address && family && `IPv${familyOf(address)}` !== family) refuse(check, 'address-type', nodes[i]!, (path) => `${path} must be an ${family} address, as spec.ipFamilies[${i}] says; found ${shorten(address)}`, 'swap the families, or the addresses');
  });
}

/** What no load balancer may expose (`ports.KubeletPort`). */
const KUBELET = 10250;

function checkPorts(check: Check, spec: YamlNode, type: string): void {
  const list = fieldOf(spec, 'ports');
  const ports = itemsOf(list);
  if (ports.length === 0 && type !== 'ExternalName' && !isHeadless(spec)) {
    if (list === undefined) missing(check, spec, 'ports', 'list at least one port');
    else refuse(check, 'missing-field', list, 'spec.ports is empty', 'list at least one port');
  }
  const names = new Map<string, YamlNode>();
  const numbers = new Set<string>();
  const nodePorts = new Set<string>();
  for (const port of ports) {
    if (port.kind !== 'map') continue;
    const name = fieldOf(port, 'name');
    if (!textOf(name) && ports.length > 1) missing(check, port, 'name', 'give each of several ports a name');
    if (textOf(name)) refuseName(check, 'bad-port-name', name, checkLabel);
    if (textOf(name) && names.has(textOf(name)!)) refuse(check, 'duplicate-value', name!, (path) => `${path} ${shorten(textOf(name)!)} is taken by another port of this Service`, 'rename one of them');
    else if (textOf(name)) names.set(textOf(name)!, port);
    checkPlainProtocol(check, fieldOf(port, 'protocol'));
    const protocol = textOf(fieldOf(port, 'protocol')) || 'TCP';
    const number = required(check, port, 'port', 'write the port that clients connect to');
    checkPort(check, number);
    if (type === 'LoadBalancer' && numberOf(number) === KUBELET) refuse(check, 'kubelet-port', number!, (path) => `${path} may not be ${KUBELET} when type is LoadBalancer: that is the kubelet's`, 'choose another port');
    distinct(check, number, numbers, protocol);
    const target = fieldOf(port, 'targetPort');
    // Zero is the field's empty value, which becomes the port itself.
    if (numberOf(target) !== 0 && textOf(target) !== '') checkPortOrName(check, target);
    refuseName(check, 'bad-app-protocol', fieldOf(port, 'appProtocol'), checkQualifiedName);
    checkNodePort(check, fieldOf(port, 'nodePort'), type, nodePorts, protocol);
  }
}

function distinct(check: Check, node: YamlNode | undefined, seen: Set<string>, protocol: string): void {
  const n = numberOf(node);
  if (node === undefined || n === undefined) return;
  if (seen.has(`${protocol}:${n}`)) refuse(check, 'duplicate-value', node, (path) => `${path} ${n}/${protocol} is taken by another port of this Service`, 'choose another number or protocol');
  seen.add(`${protocol}:${n}`);
}

function checkNodePort(check: Check, node: YamlNode | undefined, type: string, seen: Set<string>, protocol: string): void {
  const n = numberOf(node);
  if (node === undefined || n === undefined || n === 0) return;
  checkPort(check, node);
  if (type === 'ClusterIP') refuse(check, 'forbidden-field', node, (path) => `${path} may not be set when type is ClusterIP`, 'remove it, or write type: NodePort');
  else if (n >= 1 && n <= 65535 && (n < 30000 || n > 32767)) warn(check, 'node-port-range', node, (path) => `${path} ${n} lies outside 30000–32767, which most API servers refuse`, 'choose a number from 30000 to 32767');
  distinct(check, node, seen, protocol);
}

function checkExternalName(check: Check, spec: YamlNode): void {
  const name = fieldOf(spec, 'externalName');
  if (!textOf(name)) return missing(check, spec, 'externalName', 'write the name that DNS should answer with');
  if (/^\d+\.\d+\.\d+\.\d+$/.test(textOf(name)!)) warn(check, 'external-name-ip', name!, `externalName ${textOf(name)} is taken for a DNS name, not for an address`, 'use a headless Service with an EndpointSlice for an address');
  refuseName(check, 'bad-name', name, (text) => checkSubdomain(text.replace(/\.$/, '')));
}

function checkAffinity(check: Check, spec: YamlNode): void {
  oneOfOrEmpty(check, fieldOf(spec, 'sessionAffinity'), ['None', 'ClientIP']);
  const config = fieldOf(spec, 'sessionAffinityConfig');
  if ((textOf(fieldOf(spec, 'sessionAffinity')) || 'None') === 'None') {
    // SetDefaults_Service throws them away before anybody validates them.
    if (config !== undefined) warn(check, 'ignored-field', config, (path) => `${path} is dropped when sessionAffinity is None`, 'write sessionAffinity: ClientIP, or remove it');
    return;
  }
  inRange(check, fieldOf(fieldOf(config, 'clientIP'), 'timeoutSeconds'), 1, 86400);
}

function checkTrafficPolicies(check: Check, spec: YamlNode, type: string): void {
  const external = fieldOf(spec, 'externalTrafficPolicy');
  oneOfOrEmpty(check, external, ['Cluster', 'Local']);
  oneOf(check, fieldOf(spec, 'internalTrafficPolicy'), ['Cluster', 'Local']);
  const reachable = type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && itemsOf(fieldOf(spec, 'externalIPs')).length > 0);
  if (textOf(external) && !reachable) refuse(check, 'forbidden-field', external!, (path) => `${path} may only be set on a Service that is reachable from outside; this one is ${type}`, 'remove it, or write type: NodePort or LoadBalancer');
  const health = fieldOf(spec, 'healthCheckNodePort');
  if ((numberOf(health) ?? 0) === 0) return;
  checkPort(check, health);
  if (type !== 'LoadBalancer' || textOf(external) !== 'Local') refuse(check, 'forbidden-field', health!, (path) => `${path} may only be set with type: LoadBalancer and externalTrafficPolicy: Local`, 'remove it');
}

function checkLoadBalancer(check: Check, root: YamlNode, spec: YamlNode, type: string): void {
  const ranges = fieldOf(spec, 'loadBalancerSourceRanges');
  // These alone may be padded with blanks (ValidateService trims them).
  for (const range of itemsOf(ranges)) checkCidr(check, range, true);
  if (type === 'LoadBalancer') refuseName(check, 'bad-name', fieldOf(spec, 'loadBalancerClass'), checkQualifiedName);
  for (const field of ['loadBalancerSourceRanges', 'loadBalancerClass', 'allocateLoadBalancerNodePorts']) {
    const node = fieldOf(spec, field);
    const empty = node === undefined || (node.kind === 'list' && node.items.length === 0);
    if (!empty && type !== 'LoadBalancer') refuse(check, 'forbidden-field', node, (path) => `${path} may only be set when type is LoadBalancer`, 'remove it, or write type: LoadBalancer');
  }
  for (const ingress of itemsOf(fieldOf(fieldOf(fieldOf(root, 'status'), 'loadBalancer'), 'ingress'))) {
    if (textOf(fieldOf(ingress, 'ip'))) checkIp(check, fieldOf(ingress, 'ip'));
    oneOf(check, fieldOf(ingress, 'ipMode'), ['VIP', 'Proxy']);
  }
}
