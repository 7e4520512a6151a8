import type { KubeObject } from '../kube/types.ts';
import { dig, hasFields, labelsOf, recordsOf, textOf, type Fields } from './json-fields.ts';
import { byFullName, byName } from './problems.ts';
import { certificateNames } from './http-certificate.ts';
import type { Ingress, IngressBackend, IngressClass, IngressRule, IngressTarget, TlsSecret } from './types.ts';

const legacyClass = 'kubernetes.io/ingress.class';

/** Ingresses as the API server stores them (networking/v1): rules, default backend and TLS. Backends that are no Services lead nowhere. */
export const buildIngresses = (objects: readonly KubeObject[]): readonly Ingress[] => objects.filter((object) => object.kind === 'Ingress').toSorted(byFullName).map(ingressOf);

function ingressOf(object: KubeObject): Ingress {
  const spec = dig(object.value, 'spec');
  const annotations = labelsOf(dig(object.value, 'metadata', 'annotations'));
  const named = dig(spec, 'ingressClassName');
  const standard = dig(spec, 'defaultBackend');
  const rules = recordsOf(dig(spec, 'rules')).flatMap((rule, i) => recordsOf(dig(rule, 'http', 'paths')).map((path, j) => ruleOf(object, rule, path, i, j)));
  const defaultBackend = hasFields(standard) ? targetOf(standard) : null;
  const backends = rules.flatMap(({ host, path, target }): readonly IngressBackend[] => (target ? [{ host, path, ...target }] : []));
  return {
    namespace: object.namespace,
    name: object.name,
    className: typeof named === 'string' ? named : annotations[legacyClass] ?? null,
    backends: [...backends, ...(defaultBackend ? [{ host: '', path: '', ...defaultBackend }] : [])],
    rules,
    defaultBackend,
    tls: recordsOf(dig(spec, 'tls')).map((entry) => ({ hosts: recordsOfText(entry['hosts']), secret: textOf(entry['secretName']) })),
    annotations,
    created: textOf(dig(object.value, 'metadata', 'creationTimestamp')),
    at: object.at,
    implied: false,
  };
}

const recordsOfText = (value: Fields[string] | undefined): readonly string[] => (Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string').map((host) => host.toLowerCase()) : []);

function ruleOf(object: KubeObject, rule: Fields, path: Fields, i: number, j: number): IngressRule {
  const type = textOf(path['pathType']);
  return {
    host: textOf(rule['host']).toLowerCase(),
    path: textOf(path['path']),
    pathType: type === 'Exact' || type === 'Prefix' ? type : 'ImplementationSpecific',
    target: hasFields(path['backend']) ? targetOf(path['backend']) : null,
    at: object.placeOf(['spec', 'rules', i, 'http', 'paths', j]),
  };
}

function targetOf(backend: Fields): IngressTarget | null {
  const service = dig(backend, 'service');
  const number = dig(service, 'port', 'number');
  const name = textOf(dig(service, 'name'));
  const port = typeof number === 'number' ? number : textOf(dig(service, 'port', 'name'));
  return name === '' || port === '' ? null : { service: name, port };
}

/** IngressClasses by name. */
export const buildIngressClasses = (objects: readonly KubeObject[]): readonly IngressClass[] => objects.filter((object) => object.kind === 'IngressClass').toSorted(byName).map((object): IngressClass => ({
  name: object.name,
  controller: textOf(dig(object.value, 'spec', 'controller')),
  isDefault: labelsOf(dig(object.value, 'metadata', 'annotations'))['ingressclass.kubernetes.io/is-default-class'] === 'true',
  created: textOf(dig(object.value, 'metadata', 'creationTimestamp')),
  at: object.at,
  implied: false,
}));

/** Secrets, as far as TLS needs them: never a key, only what the certificate says of itself. */
export const buildSecrets = (objects: readonly KubeObject[]): readonly TlsSecret[] => objects.filter((object) => object.kind === 'Secret').toSorted(byFullName).map((object): TlsSecret => ({
  namespace: object.namespace,
  name: object.name,
  type: textOf(object.value['type']) || 'Opaque',
  names: certificateNames(textOf(dig(object.value, 'data', 'tls.crt')), textOf(dig(object.value, 'stringData', 'tls.crt'))),
  at: object.at,
  implied: false,
}));
