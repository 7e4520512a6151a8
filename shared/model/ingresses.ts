import type { KubeObject } from '../kube/types.ts';
import { dig, hasFields, labelsOf, recordsOf, textOf, type Fields } from './json-fields.ts';
import { byFullName } from './problems.ts';
import type { Ingress, IngressBackend } from './types.ts';

/** Ingresses as the API server stores them (networking/v1): every path's backend, and the default one. Backends that are no Services are left out. */
export const buildIngresses = (objects: readonly KubeObject[]): readonly Ingress[] => objects.filter((object) => object.kind === 'Ingress').toSorted(byFullName).map(ingressOf);

function ingressOf(object: KubeObject): Ingress {
  const spec = dig(object.value, 'spec');
  const annotation = labelsOf(dig(object.value, 'metadata', 'annotations'))['kubernetes.io/ingress.class'];
  const named = dig(spec, 'ingressClassName');
  const standard = dig(spec, 'defaultBackend');
  const paths = recordsOf(dig(spec, 'rules')).flatMap((rule) => recordsOf(dig(rule, 'http', 'paths')).flatMap((path) => backendOf(textOf(rule['host']), textOf(path['path']), path['backend'] as Fields)));
  return {
    namespace: object.namespace,
    name: object.name,
    className: typeof named === 'string' ? named : annotation ?? null,
    backends: [...paths, ...(hasFields(standard) ? backendOf('', '', standard) : [])],
    at: object.at,
    implied: false,
  };
}

function backendOf(host: string, path: string, backend: Fields | undefined): readonly IngressBackend[] {
  const service = dig(backend, 'service');
  const number = dig(service, 'port', 'number');
  const name = textOf(dig(service, 'name'));
  const port = typeof number === 'number' ? number : textOf(dig(service, 'port', 'name'));
  return name === '' || port === '' ? [] : [{ host, path, service: name, port }];
}
