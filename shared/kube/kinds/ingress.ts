import { parseIp } from '../../base/ip.ts';
import { checkLabel, checkPathSegment, checkPortName, checkServiceName, checkSubdomain, checkWildcard } from '../names.ts';
import { missing, refuse, refuseName, shorten, startOf, type Check } from '../check.ts';
import type { MapNode, YamlNode } from '../yaml/node.ts';
import { fieldOf, itemsOf, numberOf, textOf } from '../yaml/tree.ts';
import { checkPort, oneOf, required } from './rules.ts';

/** What the API server validates of an Ingress (networking validation.go `ValidateIngressCreate`). */
export function checkIngress(check: Check, root: MapNode): void {
  const spec = fieldOf(root, 'spec');
  const annotation = fieldOf(fieldOf(fieldOf(root, 'metadata'), 'annotations'), 'kubernetes.io/ingress.class');
  const className = fieldOf(spec, 'ingressClassName');
  if (annotation !== undefined && className !== undefined && textOf(annotation) !== textOf(className)) refuse(check, 'two-classes', annotation, `the annotation kubernetes.io/ingress.class must equal spec.ingressClassName ${shorten(textOf(className) ?? '')} beside it`, 'keep the field');
  refuseName(check, 'bad-name', className, checkSubdomain);
  const backend = fieldOf(spec, 'defaultBackend');
  const rules = itemsOf(fieldOf(spec, 'rules'));
  if (rules.length === 0 && backend === undefined) missing(check, spec?.kind === 'map' ? spec : root, spec?.kind === 'map' ? 'rules' : 'spec', 'write rules or a defaultBackend');
  if (backend !== undefined) checkBackend(check, backend);
  for (const rule of rules) {
    checkHost(check, fieldOf(rule, 'host'));
    const http = fieldOf(rule, 'http');
    const list = fieldOf(http, 'paths');
    if (http?.kind === 'map' && itemsOf(list).length === 0) refuse(check, 'missing-field', list ?? http, 'a rule with http: needs at least one path', 'list one, or remove http:', startOf(list ?? http));
    for (const path of itemsOf(list)) if (path.kind === 'map') checkPath(check, path);
  }
  for (const tls of itemsOf(fieldOf(spec, 'tls'))) {
    for (const host of itemsOf(fieldOf(tls, 'hosts'))) checkName(check, host);
    const secret = fieldOf(tls, 'secretName');
    if (textOf(secret)) refuseName(check, 'bad-name', secret, checkSubdomain);
  }
}

const checkName = (check: Check, node: YamlNode): void => refuseName(check, 'bad-host', node, textOf(node)?.includes('*') ? checkWildcard : checkSubdomain);

function checkHost(check: Check, node: YamlNode | undefined): void {
  const host = textOf(node);
  if (node === undefined || !host) return;
  if (parseIp(host) !== null) refuse(check, 'bad-host', node, (path) => `${path} must be a DNS name, not an IP address; found ${shorten(host)}`, 'leave host out for every name');
  else checkName(check, node);
}

const forbidden = ['//', '/./', '/../', '%2f', '%2F'];

function checkPath(check: Check, entry: YamlNode): void {
  const type = required(check, entry, 'pathType', 'write pathType: Prefix or Exact');
  oneOf(check, type, ['Exact', 'Prefix', 'ImplementationSpecific']);
  const node = fieldOf(entry, 'path');
  const path = textOf(node) ?? '';
  const strict = textOf(type) === 'Exact' || textOf(type) === 'Prefix';
  if (strict && !path.startsWith('/')) refuse(check, 'bad-path', node ?? type!, `a path of type ${textOf(type)} must begin with "/"; found ${shorten(path)}`, 'write an absolute path');
  else if (path !== '' && !path.startsWith('/')) refuse(check, 'bad-path', node!, (where) => `${where} must begin with "/"; found ${shorten(path)}`, 'write an absolute path');
  const bad = strict ? (forbidden.find((part) => path.includes(part)) ?? ['/..', '/.'].find((part) => path.endsWith(part))) : undefined;
  if (node && bad) refuse(check, 'bad-path', node, (where) => `${where} may not hold "${bad}"`, 'write the plain path');
  const backend = required(check, entry, 'backend', 'name the Service behind it');
  if (backend) checkBackend(check, backend);
}

function checkBackend(check: Check, backend: YamlNode): void {
  if (backend.kind !== 'map') return;
  const service = fieldOf(backend, 'service');
  const resource = fieldOf(backend, 'resource');
  if (service !== undefined && resource !== undefined) refuse(check, 'two-backends', resource, (path) => `${path} may not stand beside service`, 'keep one of them', startOf(resource));
  if (service === undefined && resource === undefined) return missing(check, backend, 'service', 'write service: with name: and port:');
  if (resource?.kind === 'map') for (const field of ['kind', 'name']) refuseName(check, 'bad-name', required(check, resource, field, `write the resource's ${field}`), checkPathSegment);
  if (service?.kind !== 'map') return;
  refuseName(check, 'bad-name', required(check, service, 'name', 'name the Service'), checkServiceName);
  const port = fieldOf(service, 'port');
  // Number 0 is the field's empty value.
  const number = numberOf(fieldOf(port, 'number')) === 0 ? undefined : fieldOf(port, 'number');
  const name = textOf(fieldOf(port, 'name')) ? fieldOf(port, 'name') : undefined;
  if (number === undefined && name === undefined) missing(check, port?.kind === 'map' ? port : service, port?.kind === 'map' ? 'number' : 'port', 'write port: with a number: or a name:');
  if (number !== undefined && name !== undefined) refuse(check, 'two-ports', name, (path) => `${path} may not stand beside number`, 'keep one of them');
  checkPort(check, number);
  refuseName(check, 'bad-port-name', name, checkPortName);
}

/** What the API server validates of an IngressClass: its controller is a domain-prefixed path, its parameters say where they are. */
export function checkIngressClass(check: Check, root: MapNode): void {
  const spec = fieldOf(root, 'spec');
  const owner = spec?.kind === 'map' ? spec : root;
  const controller = required(check, owner, owner === root ? 'spec' : 'controller', 'name the controller, such as example.com/ingress-controller');
  const text = textOf(controller);
  const slash = text?.indexOf('/') ?? -1;
  if (controller && text !== undefined && (slash < 1 || slash === text.length - 1 || text.length > 250 || checkSubdomain(text.slice(0, slash)) !== null)) refuse(check, 'bad-controller', controller, (path) => `${path} must be a domain-prefixed path of at most 250 characters; found ${shorten(text)}`, 'write it like example.com/ingress-controller');
  const parameters = fieldOf(spec, 'parameters');
  if (parameters?.kind === 'map') checkParameters(check, parameters);
}

function checkParameters(check: Check, parameters: MapNode): void {
  for (const field of ['kind', 'name']) refuseName(check, 'bad-name', required(check, parameters, field, `write the parameters' ${field}`), checkPathSegment);
  // Cluster where nothing is said (SetDefaults_IngressClass).
  const scope = fieldOf(parameters, 'scope');
  oneOf(check, scope, ['Cluster', 'Namespace']);
  const namespace = fieldOf(parameters, 'namespace');
  if (textOf(scope) === 'Namespace') {
    if (namespace === undefined) refuse(check, 'missing-field', scope!, 'parameters of scope Namespace need a namespace', 'write namespace: beside it');
    refuseName(check, 'bad-namespace', namespace, checkLabel);
  } else if (namespace !== undefined) refuse(check, 'forbidden-field', namespace, (path) => `${path} may only be set with scope: Namespace`, 'remove it, or write scope: Namespace');
}
