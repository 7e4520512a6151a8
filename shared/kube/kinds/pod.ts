import { checkLabel, checkPortName, checkSubdomain } from '../names.ts';
import { missing, refuse, refuseName, shorten, type Check } from '../check.ts';
import type { MapNode, YamlNode } from '../yaml/node.ts';
import { booleanOf, fieldOf, itemsOf, numberOf, textOf } from '../yaml/tree.ts';
import { checkIp, checkPort, checkPortOrName, checkPlainProtocol, oneOf, required } from './rules.ts';
import { checkLabels } from '../check-metadata.ts';
import { checkLabelSelector } from './selector.ts';

/** What the API server validates of a Pod, as far as the network or the scheduler can see it. */
export function checkPod(check: Check, root: MapNode): void {
  const spec = fieldOf(root, 'spec');
  if (spec?.kind !== 'map') return missing(check, root, 'spec', 'describe its containers', true);
  checkPodSpec(check, spec, ['Always', 'OnFailure', 'Never']);
  const status = fieldOf(root, 'status');
  for (const field of ['podIP', 'hostIP']) if (textOf(fieldOf(status, field))) checkIp(check, fieldOf(status, field));
  for (const ip of itemsOf(fieldOf(status, 'podIPs'))) checkIp(check, fieldOf(ip, 'ip'));
  oneOf(check, textOf(fieldOf(status, 'phase')) ? fieldOf(status, 'phase') : undefined, ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown']);
}

/** A pod's spec (core validation.go `ValidatePodSpec`): containers, ports, names, DNS, scheduling. */
export function checkPodSpec(check: Check, spec: YamlNode, restartPolicies: readonly string[]): void {
  const containers = fieldOf(spec, 'containers');
  if (itemsOf(containers).length === 0) missing(check, spec, 'containers', 'list at least one container', true);
  const hostNetwork = booleanOf(fieldOf(spec, 'hostNetwork')) === true;
  const names = new Set<string>();
  const hostPorts = new Set<string>();
  const volumes = volumeNames(check, spec);
  for (const container of itemsOf(containers)) checkContainer(check, container, names, volumes, hostNetwork, hostPorts);
  for (const container of itemsOf(fieldOf(spec, 'initContainers'))) checkContainer(check, container, names, volumes, hostNetwork, new Set());
  oneOf(check, textOf(fieldOf(spec, 'restartPolicy')) ? fieldOf(spec, 'restartPolicy') : undefined, restartPolicies);
  if (textOf(fieldOf(spec, 'hostname'))) refuseName(check, 'bad-name', fieldOf(spec, 'hostname'), checkLabel);
  if (textOf(fieldOf(spec, 'subdomain'))) refuseName(check, 'bad-name', fieldOf(spec, 'subdomain'), checkLabel);
  if (textOf(fieldOf(spec, 'nodeName'))) refuseName(check, 'bad-name', fieldOf(spec, 'nodeName'), checkSubdomain);
  if (textOf(fieldOf(spec, 'serviceAccountName'))) refuseName(check, 'bad-name', fieldOf(spec, 'serviceAccountName'), checkSubdomain);
  checkLabels(check, fieldOf(spec, 'nodeSelector'));
  checkDns(check, spec);
  checkAffinity(check, fieldOf(spec, 'affinity'));
  for (const toleration of itemsOf(fieldOf(spec, 'tolerations'))) checkToleration(check, toleration);
  for (const alias of itemsOf(fieldOf(spec, 'hostAliases'))) checkIp(check, fieldOf(alias, 'ip'));
}

function volumeNames(check: Check, spec: YamlNode): ReadonlySet<string> {
  const names = new Set<string>();
  for (const volume of itemsOf(fieldOf(spec, 'volumes'))) {
    if (volume.kind !== 'map') continue;
    const name = required(check, volume, 'name', 'name the volume');
    refuseName(check, 'bad-name', name, checkLabel);
    unique(check, name, names);
  }
  return names;
}

function unique(check: Check, node: YamlNode | undefined, seen: Set<string>): void {
  const text = textOf(node);
  if (node === undefined || text === undefined) return;
  if (seen.has(text)) refuse(check, 'duplicate-value', node, (path) => `${path} ${shorten(text)} is taken`, 'rename one of them');
  seen.add(text);
}

/** Lists of pods that were cut down to what a policy reads lack names and images; a pod without them is read all the same. */
function aside(check: Check, node: YamlNode, field: string, fix: string): YamlNode | undefined {
  const value = fieldOf(node, field);
  if (value === undefined) missing(check, node, field, fix, true);
  return value;
}

function checkContainer(check: Check, container: YamlNode, names: Set<string>, volumes: ReadonlySet<string>, hostNetwork: boolean, hostPorts: Set<string>): void {
  if (container.kind !== 'map') return;
  const name = aside(check, container, 'name', 'name the container');
  refuseName(check, 'bad-name', name, checkLabel);
  unique(check, name, names);
  const image = aside(check, container, 'image', 'name its image');
  const words = textOf(image);
  if (image && words !== undefined && (words === '' || words.trim() !== words)) refuse(check, 'bad-image', image, (path) => `${path} must name an image, without blanks around it; found ${shorten(words)}`, words.trim() === '' ? 'name its image' : `write ${words.trim()}`);
  const portNames = new Set<string>();
  for (const port of itemsOf(fieldOf(container, 'ports'))) if (port.kind === 'map') checkContainerPort(check, port, portNames, hostNetwork, hostPorts);
  for (const mount of itemsOf(fieldOf(container, 'volumeMounts'))) checkMount(check, mount, volumes);
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) for (const action of ['httpGet', 'tcpSocket']) checkPortOrName(check, fieldOf(fieldOf(fieldOf(container, probe), action), 'port'));
  for (const variable of itemsOf(fieldOf(container, 'env'))) if (variable.kind === 'map') aside(check, variable, 'name', 'name the variable');
}

function checkContainerPort(check: Check, port: YamlNode, names: Set<string>, hostNetwork: boolean, hostPorts: Set<string>): void {
  const name = textOf(fieldOf(port, 'name')) ? fieldOf(port, 'name') : undefined;
  refuseName(check, 'bad-port-name', name, checkPortName);
  unique(check, name, names);
  const number = aside(check, port, 'containerPort', 'write the port the container listens on');
  checkPort(check, number);
  checkPlainProtocol(check, fieldOf(port, 'protocol'));
  const host = fieldOf(port, 'hostPort');
  const n = numberOf(host) ?? 0;
  if (textOf(fieldOf(port, 'hostIP'))) checkIp(check, fieldOf(port, 'hostIP'));
  if (host === undefined || n === 0) return;
  checkPort(check, host);
  if (hostNetwork && n !== numberOf(number)) refuse(check, 'host-port', host, (path) => `${path} must equal containerPort ${numberOf(number)} when hostNetwork is true`, 'remove it');
  const key = `${textOf(fieldOf(port, 'protocol')) || 'TCP'}:${textOf(fieldOf(port, 'hostIP')) ?? ''}:${n}`;
  if (hostPorts.has(key)) refuse(check, 'duplicate-value', host, (path) => `${path} ${n} is taken by another container of this pod`, 'choose another number');
  hostPorts.add(key);
}

function checkMount(check: Check, mount: YamlNode, volumes: ReadonlySet<string>): void {
  if (mount.kind !== 'map') return;
  const name = aside(check, mount, 'name', 'name the volume');
  aside(check, mount, 'mountPath', 'say where it appears');
  const text = textOf(name);
  // StatefulSet claims are volumes too; the caller of a template with claims has them in no list here.
  if (name && text !== undefined && !volumes.has(text) && !claimNames(check).has(text)) check.add('error', 'unknown-volume', name, (path) => `${path} ${shorten(text)} names no volume of this pod`, volumes.size ? `use one of ${[...volumes].slice(0, 5).join(', ')}` : 'add it to volumes', name, [], true);
}

const claimNames = (check: Check): ReadonlySet<string> =>
  new Set(itemsOf(fieldOf(fieldOf(check.root, 'spec'), 'volumeClaimTemplates')).map((claim) => textOf(fieldOf(fieldOf(claim, 'metadata'), 'name')) ?? ''));

function checkDns(check: Check, spec: YamlNode): void {
  const policy = fieldOf(spec, 'dnsPolicy');
  oneOf(check, textOf(policy) ? policy : undefined, ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None']);
  const config = fieldOf(spec, 'dnsConfig');
  const servers = itemsOf(fieldOf(config, 'nameservers'));
  for (const server of servers) checkIp(check, server);
  if (servers.length > 3) refuse(check, 'too-many', servers[3]!, 'dnsConfig.nameservers holds at most three', 'remove some');
  if (textOf(policy) === 'None' && servers.length === 0) refuse(check, 'missing-field', policy!, 'dnsPolicy None needs dnsConfig.nameservers', 'list at least one nameserver');
  const searches = itemsOf(fieldOf(config, 'searches'));
  if (searches.length > 32) refuse(check, 'too-many', searches[32]!, 'dnsConfig.searches holds at most 32', 'remove some');
  // validation.go MaxDNSSearchListChars: with the spaces between them
  const characters = searches.map((search) => textOf(search) ?? '').join(' ').length;
  if (characters > 2048) refuse(check, 'too-long', searches.at(-1)!, 'dnsConfig.searches holds at most 2048 characters', 'remove some');
  for (const option of itemsOf(fieldOf(config, 'options'))) if (option.kind === 'map') required(check, option, 'name', 'write an option such as ndots');
}

function checkAffinity(check: Check, affinity: YamlNode | undefined): void {
  for (const kind of ['podAffinity', 'podAntiAffinity']) {
    const group = fieldOf(affinity, kind);
    const weighted = itemsOf(fieldOf(group, 'preferredDuringSchedulingIgnoredDuringExecution')).map((w) => fieldOf(w, 'podAffinityTerm'));
    for (const term of [...itemsOf(fieldOf(group, 'requiredDuringSchedulingIgnoredDuringExecution')), ...weighted]) {
      if (term?.kind !== 'map') continue;
      checkLabelSelector(check, fieldOf(term, 'labelSelector'));
      checkLabelSelector(check, fieldOf(term, 'namespaceSelector'));
      required(check, term, 'topologyKey', 'write a node label such as kubernetes.io/hostname');
    }
  }
  const nodes = fieldOf(fieldOf(affinity, 'nodeAffinity'), 'requiredDuringSchedulingIgnoredDuringExecution');
  for (const term of itemsOf(fieldOf(nodes, 'nodeSelectorTerms')))
    for (const requirement of itemsOf(fieldOf(term, 'matchExpressions'))) oneOf(check, fieldOf(requirement, 'operator'), ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']);
}

function checkToleration(check: Check, toleration: YamlNode): void {
  const operator = fieldOf(toleration, 'operator');
  const text = textOf(operator);
  oneOf(check, text ? operator : undefined, ['Exists', 'Equal', 'Lt', 'Gt']);
  const effect = fieldOf(toleration, 'effect');
  oneOf(check, textOf(effect) ? effect : undefined, ['NoSchedule', 'PreferNoSchedule', 'NoExecute']);
  if (text === 'Exists' && textOf(fieldOf(toleration, 'value'))) refuse(check, 'toleration', fieldOf(toleration, 'value')!, (path) => `${path} may not be set when operator is Exists`, 'remove it');
}
