import type { Problem } from '../base/problem.ts';
import { nearest } from '../kube/nearest.ts';
import type { FieldPath, KubeObject } from '../kube/types.ts';
import { certificateNames } from './http-certificate.ts';
import { classOf } from './ingress-controllers.ts';
import { byAge, isCanary } from './ingress-match.ts';
import { dig, hasFields, recordsOf, textOf, textsOf, type Fields } from './json-fields.ts';
import { fullName, problemAt } from './problems.ts';
import type { Cluster, Ingress, Service } from './types.ts';

/** What only shows when an Ingress is seen beside others: backends and Secrets that do not exist, classes that nobody has, TLS hosts without a rule, and two Ingresses that claim one path. */
export function checkIngresses(objects: readonly KubeObject[], cluster: Cluster): readonly Problem[] {
  const given = objects.filter((object) => object.kind === 'Ingress').toSorted((a, b) => (fullName(a) < fullName(b) ? -1 : 1));
  if (given.length === 0) return [];
  const services = new Map(cluster.services.map((service) => [fullName(service), service]));
  const secrets = new Map(objects.filter((object) => object.kind === 'Secret').map((object) => [fullName(object), object]));
  const classes = new Set((cluster.ingressClasses ?? []).map(({ name }) => name));
  return [...given.flatMap((object) => [...checkBackends(object, services), ...checkTls(object, secrets), ...checkClass(object, classes)]), ...twice(given, cluster)];
}

function checkBackends(object: KubeObject, services: ReadonlyMap<string, Service>): readonly Problem[] {
  const spec = dig(object.value, 'spec');
  const standard = dig(spec, 'defaultBackend');
  const paths = recordsOf(dig(spec, 'rules')).flatMap((rule, i) => recordsOf(dig(rule, 'http', 'paths')).map((path, j) => ({ backend: path['backend'], at: ['spec', 'rules', i, 'http', 'paths', j, 'backend', 'service'] as FieldPath })));
  return [...(hasFields(standard) ? [{ backend: standard as Fields[string], at: ['spec', 'defaultBackend', 'service'] as FieldPath }] : []), ...paths].flatMap(({ backend, at }) => checkBackend(object, backend, at, services));
}

function checkBackend(object: KubeObject, backend: Fields[string] | undefined, at: FieldPath, services: ReadonlyMap<string, Service>): readonly Problem[] {
  const name = textOf(dig(backend, 'service', 'name'));
  if (name === '') return [];
  const service = services.get(`${object.namespace}/${name}`);
  if (!service) {
    const names = [...services.keys()].filter((key) => key.startsWith(`${object.namespace}/`)).map((key) => key.slice(object.namespace.length + 1));
    const close = nearest(name, names);
    const elsewhere = [...services.values()].find((other) => other.name === name);
    const fix = close !== null ? `did you mean ${close}?` : elsewhere ? `namespace ${elsewhere.namespace} has one, but a backend is of the Ingress’s own namespace` : 'requests to it are answered 503';
    return [problemAt(object, [...at, 'name'], 'warning', 'no-such-backend', `Ingress ${fullName(object)} leads to Service ${name}, which does not exist in namespace ${object.namespace}`, fix)];
  }
  if (service.type === 'ExternalName') return [];
  const number = dig(backend, 'service', 'port', 'number');
  const wanted = typeof number === 'number' ? number : textOf(dig(backend, 'service', 'port', 'name'));
  if (service.ports.some((port) => port.protocol === 'tcp' && (port.port === wanted || (port.name !== '' && port.name === wanted)))) return [];
  const has = service.ports.map((port) => (port.name === '' ? String(port.port) : `${port.port} (${port.name})`)).join(', ');
  const target = service.ports.find((port) => port.targetPort === wanted);
  return [problemAt(object, [...at, 'port'], 'warning', 'no-such-backend-port', `Service ${name} has no port ${wanted}`, target ? `${wanted} is the pods’ port; write the Service’s own, ${target.port}` : `it has ${has === '' ? 'none' : has}`)];
}

function checkTls(object: KubeObject, secrets: ReadonlyMap<string, KubeObject>): readonly Problem[] {
  const spec = dig(object.value, 'spec');
  const hosts = recordsOf(dig(spec, 'rules')).map((rule) => textOf(rule['host']).toLowerCase());
  return recordsOf(dig(spec, 'tls')).flatMap((tls, i) => {
    const at: FieldPath = ['spec', 'tls', i];
    const listed = textsOf(tls['hosts']);
    const strange = listed.flatMap((host, j) => (hosts.includes(host.toLowerCase()) ? [] : [problemAt(object, [...at, 'hosts', j], 'warning', 'tls-host-without-rule', `no rule of Ingress ${fullName(object)} is for TLS host ${host}`, 'write the same host in both')]));
    const name = textOf(tls['secretName']);
    return name === '' ? strange : [...strange, ...checkSecret(object, [...at, 'secretName'], name, listed, secrets)];
  });
}

function checkSecret(object: KubeObject, at: FieldPath, name: string, hosts: readonly string[], secrets: ReadonlyMap<string, KubeObject>): readonly Problem[] {
  const secret = secrets.get(`${object.namespace}/${name}`);
  const warn = (code: string, what: string, fix: string): readonly Problem[] => [problemAt(object, at, 'warning', code, what, fix)];
  if (!secret) {
    const elsewhere = [...secrets.values()].find((other) => other.name === name);
    return warn('no-such-secret', `there is no Secret ${name} in namespace ${object.namespace}, so clients see the controller’s own certificate`, elsewhere ? `namespace ${elsewhere.namespace} has one, but a Secret counts only in the Ingress’s own` : 'add the Secret');
  }
  if (textOf(secret.value['type']) !== 'kubernetes.io/tls') return warn('no-tls-secret', `Secret ${name} is not of type kubernetes.io/tls`, 'write type: kubernetes.io/tls');
  const names = certificateNames(textOf(dig(secret.value, 'data', 'tls.crt')), textOf(dig(secret.value, 'stringData', 'tls.crt')));
  const missing = names === null || names.length === 0 ? undefined : hosts.find((host) => !names.includes(host.toLowerCase()) && !names.includes(host.toLowerCase().replace(/^[^.]+/, '*')));
  return missing === undefined ? [] : warn('foreign-certificate', `the certificate in Secret ${name} is for ${names!.join(', ')}, not for ${missing}`, 'use a certificate for this host');
}

function checkClass(object: KubeObject, classes: ReadonlySet<string>): readonly Problem[] {
  const name = textOf(dig(object.value, 'spec', 'ingressClassName'));
  if (name === '' || classes.has(name) || classes.size === 0) return [];
  const close = nearest(name, classes);
  return [problemAt(object, ['spec', 'ingressClassName'], 'warning', 'no-such-class', `there is no IngressClass ${name}`, close === null ? `there is ${[...classes].join(', ')}` : `did you mean ${close}?`)];
}

/** Two Ingresses of one class that claim the same host and path: both named, and who wins. */
function twice(objects: readonly KubeObject[], cluster: Cluster): readonly Problem[] {
  const byName = new Map(objects.map((object) => [fullName(object), object]));
  const first = new Map<string, { readonly ingress: Ingress; readonly at: FieldPath }>();
  const ordered = (cluster.ingresses ?? []).filter((ingress) => !isCanary(ingress)).toSorted(byAge);
  return ordered.flatMap((ingress) => {
    const object = byName.get(fullName(ingress));
    if (!object) return [];
    return recordsOf(dig(object.value, 'spec', 'rules')).flatMap((rule, i) => recordsOf(dig(rule, 'http', 'paths')).flatMap((path, j): readonly Problem[] => {
      const at: FieldPath = ['spec', 'rules', i, 'http', 'paths', j, 'path'];
      const [host, text, type] = [textOf(rule['host']).toLowerCase(), textOf(path['path']) || '/', textOf(path['pathType'])];
      const key = JSON.stringify([classOf(ingress, cluster.ingressClasses ?? []), host, text, type]);
      const known = first.get(key);
      if (!known) {
        first.set(key, { ingress, at });
        return [];
      }
      if (known.ingress === ingress) return [problemAt(object, at, 'warning', 'path-twice', `${host || 'every host'}${text} (${type}) stands twice in Ingress ${fullName(ingress)}; the first counts`, 'take one of them away', [{ what: 'the first', at: object.placeOf(known.at) }])];
      const older = known.ingress.created !== ingress.created && known.ingress.created !== '' && ingress.created !== '';
      return [problemAt(object, at, 'warning', 'path-claimed-twice', `Ingress ${fullName(known.ingress)} claims ${host || 'every host'}${text} (${type}) too, and wins over ${fullName(ingress)}: it ${older ? 'is older' : 'comes first by name'}`, 'change one of them', [{ what: `Ingress ${fullName(known.ingress)}`, at: byName.get(fullName(known.ingress))!.placeOf(known.at) }])];
    }));
  });
}
