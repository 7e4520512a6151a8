import { familyOf, parseIp } from '../../base/ip.ts';
import { checkFullName, checkLabel, checkLabelValue, checkQualifiedName, checkSubdomain, type NameFault } from '../names.ts';
import { missing, refuse, refuseName, shorten, warn, type Check } from '../check.ts';
import type { MapNode, YamlNode } from '../yaml/node.ts';
import { fieldOf, itemsOf, numberOf, textOf } from '../yaml/tree.ts';
import { checkPlainProtocol, checkPort, checkProtocol, checkUsableIp, oneOf, required } from './rules.ts';

/** What the API server validates of an EndpointSlice (discovery validation.go). */
export function checkEndpointSlice(check: Check, root: MapNode): void {
  const type = required(check, root, 'addressType', 'write addressType: IPv4, IPv6 or FQDN');
  oneOf(check, type, ['IPv4', 'IPv6', 'FQDN']);
  const endpoints = fieldOf(root, 'endpoints');
  const items = itemsOf(endpoints);
  if (items.length > 1000) refuse(check, 'too-many', items[1000]!, `a slice holds at most 1000 endpoints; found ${items.length}`, 'split it into several slices', items[1000]!);
  for (const endpoint of items) if (endpoint.kind === 'map') checkEndpoint(check, endpoint, textOf(type) ?? '');
  checkSlicePorts(check, fieldOf(root, 'ports'));
}

function checkEndpoint(check: Check, endpoint: YamlNode, type: string): void {
  const addresses = fieldOf(endpoint, 'addresses');
  const items = itemsOf(addresses);
  if (items.length === 0) missing(check, endpoint, 'addresses', 'list its address');
  if (items.length > 100) refuse(check, 'too-many', items[100]!, `an endpoint has at most 100 addresses; found ${items.length}`, 'split it');
  for (const address of items) {
    if (type === 'FQDN') {
      refuseName(check, 'bad-name', address, checkFullName);
      continue;
    }
    checkUsableIp(check, address);
    const ip = parseIp(textOf(address) ?? '');
    if (ip !== null && (type === 'IPv4' || type === 'IPv6') && `IPv${familyOf(ip)}` !== type) refuse(check, 'address-type', address, (path) => `${path} must be an ${type} address as addressType says; found ${shorten(ip)}`, 'move it to a slice of its own family');
  }
  refuseName(check, 'bad-name', fieldOf(endpoint, 'hostname'), checkLabel);
  refuseName(check, 'bad-name', fieldOf(endpoint, 'nodeName'), checkSubdomain);
  const hints = fieldOf(endpoint, 'hints');
  checkHints(check, itemsOf(fieldOf(hints, 'forZones')), checkLabelValue);
  checkHints(check, itemsOf(fieldOf(hints, 'forNodes')), checkSubdomain);
}

/** validateHints: each zone or node once, and eight of them at most. */
function checkHints(check: Check, hints: readonly YamlNode[], rule: (text: string) => NameFault | null): void {
  if (hints.length > 8) refuse(check, 'too-many', hints[8]!, `an endpoint has at most 8 hints of a kind; found ${hints.length}`, 'keep eight');
  const seen = new Set<string>();
  for (const hint of hints) {
    const node = hint.kind === 'map' ? required(check, hint, 'name', 'name it') : undefined;
    refuseName(check, 'bad-name', node, rule);
    const name = textOf(node);
    if (node && name !== undefined && seen.has(name)) refuse(check, 'duplicate-value', node, (path) => `${path} ${shorten(name)} is given twice`, 'remove one of them');
    seen.add(name ?? '');
  }
}

function checkSlicePorts(check: Check, list: YamlNode | undefined): void {
  const names = new Set<string>();
  for (const port of itemsOf(list)) {
    if (port.kind !== 'map') continue;
    const name = textOf(fieldOf(port, 'name')) ?? '';
    if (name !== '') refuseName(check, 'bad-port-name', fieldOf(port, 'name'), checkLabel);
    if (names.has(name)) refuse(check, 'duplicate-value', fieldOf(port, 'name') ?? port, `port name ${shorten(name)} is given twice`, 'rename one of them');
    names.add(name);
    checkProtocol(check, fieldOf(port, 'protocol'));
    const number = fieldOf(port, 'port');
    // Taken by the API server, and passed over by kube-proxy (endpointslicecache.go).
    if (numberOf(number) === 0) warn(check, 'slice-port-0', number!, (path) => `${path} 0 is no port: kube-proxy passes over it`, 'write the port that the pods listen on');
    else checkPort(check, number);
    refuseName(check, 'bad-app-protocol', fieldOf(port, 'appProtocol'), checkQualifiedName);
  }
}

/** What the API server validates of an Endpoints object (core validation.go `ValidateEndpoints`). */
export function checkEndpoints(check: Check, root: MapNode): void {
  for (const subset of itemsOf(fieldOf(root, 'subsets'))) {
    const addresses = [...itemsOf(fieldOf(subset, 'addresses')), ...itemsOf(fieldOf(subset, 'notReadyAddresses'))];
    if (addresses.length === 0 && subset.kind === 'map') missing(check, subset, 'addresses', 'list addresses or notReadyAddresses');
    for (const address of addresses) {
      if (address.kind !== 'map') continue;
      checkUsableIp(check, required(check, address, 'ip', 'write the address'));
      if (textOf(fieldOf(address, 'hostname'))) refuseName(check, 'bad-name', fieldOf(address, 'hostname'), checkLabel);
      refuseName(check, 'bad-name', fieldOf(address, 'nodeName'), checkSubdomain);
    }
    const ports = itemsOf(fieldOf(subset, 'ports'));
    for (const port of ports) {
      if (port.kind !== 'map') continue;
      if (textOf(fieldOf(port, 'name'))) refuseName(check, 'bad-port-name', fieldOf(port, 'name'), checkLabel);
      else if (ports.length > 1) missing(check, port, 'name', 'give each of several ports a name');
      checkPort(check, required(check, port, 'port', 'write the port number'));
      checkPlainProtocol(check, fieldOf(port, 'protocol'));
    }
  }
}
