import { parseCidr } from '../base/cidr.ts';
import { parseIp, type Ip, type IpFamily } from '../base/ip.ts';
import type { Problem } from '../base/problem.ts';
import { nearest } from '../kube/nearest.ts';
import type { KubeObject } from '../kube/types.ts';
import { dig, hasFields, integerOf, listOf, recordsOf, textOf, textsOf, type Fields } from './json-fields.ts';
import { protocolOf } from './pod-drafts.ts';
import { byName, problemAt } from './problems.ts';
import type { Outsider } from './types.ts';

const defaults: readonly { readonly kind: Outsider['kind']; readonly name: string; readonly addresses: readonly [string, string] }[] = [
  { kind: 'client', name: 'internet', addresses: ['203.0.113.10', '2001:db8:203::10'] },
  { kind: 'host', name: 'internet', addresses: ['192.0.2.80', '2001:db8:192::80'] },
];

/** Machines outside the cluster: those of the Sandbox document, and `client/internet` and `host/internet` unless the document gives another of that name or address, or an empty list. */
export function buildOutsiders(sandbox: Fields, sandboxObject: KubeObject | null, families: readonly IpFamily[]): { readonly outsiders: readonly Outsider[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const named: Outsider[] = [];
  for (const kind of ['client', 'host'] as const) {
    for (const { entry, path } of entriesOf(sandbox, kind)) {
      for (const key of Object.keys(entry)) if (!fields.includes(key)) problems.push(unknownField(sandboxObject!, kind, [...path, key], key));
      const outsider = outsiderOf(kind, entry, sandboxObject!.placeOf(path));
      const fault = faultOf(outsider, named);
      if (fault === null) named.push(outsider);
      else problems.push(problemAt(sandboxObject!, path, 'error', 'bad-outsider', `this ${kind} ${fault}`, 'write { name: office, address: 203.0.113.20 } with a name and an address of its own'));
    }
  }
  const implied = defaults.filter(({ kind, name, addresses }) => {
    const list = sandbox[`${kind}s`];
    if (Array.isArray(list) && list.length === 0) return false;
    return !named.some((other) => (other.kind === kind && other.name === name) || other.addresses.some((address) => addresses.includes(address)));
  });
  const outsiders = [...named, ...implied.map(({ kind, name, addresses }): Outsider => ({
    kind, name, addresses: addresses.filter((address) => families.includes(address.includes(':') ? 6 : 4)) as Ip[], ports: null, routes: [], dnsNames: [], at: null, implied: true,
  }))];
  return { outsiders: outsiders.toSorted((a, b) => (a.kind === b.kind ? byName(a, b) : a.kind < b.kind ? -1 : 1)), problems };
}

const fields = ['name', 'address', 'addresses', 'ports', 'routes', 'dnsNames', 'dns'];

function unknownField(object: KubeObject, kind: string, path: readonly (string | number)[], key: string): Problem {
  const close = nearest(key, fields);
  return problemAt(object, path, 'warning', 'unknown-field', `a ${kind} has no field "${key}", so it changes nothing`, close === null ? `its fields are ${fields.join(', ')}` : `did you mean ${close}?`);
}

function faultOf(outsider: Outsider, others: readonly Outsider[]): string | null {
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(outsider.name) || outsider.name.length > 63) return 'has no name of a–z, 0–9, "-" and "."';
  if (outsider.addresses.length === 0) return 'has no address';
  if (others.some((other) => other.kind === outsider.kind && other.name === outsider.name)) return `has the name ${outsider.name} that another has`;
  const taken = outsider.addresses.find((address) => others.some((other) => other.addresses.includes(address)));
  return taken === undefined ? null : `has the address ${taken} that another has`;
}

/** A list of `{ name, … }`, or a map of name → `{ … }`. */
function entriesOf(sandbox: Fields, kind: Outsider['kind']): readonly { readonly entry: Fields; readonly path: readonly (string | number)[] }[] {
  const value = sandbox[`${kind}s`];
  if (hasFields(value)) return Object.entries(value).filter(([, entry]) => hasFields(entry)).map(([name, entry]) => ({ entry: { name, ...(entry as Fields) } as Fields, path: ['spec', `${kind}s`, name] }));
  return listOf(value).flatMap((entry, i) => (hasFields(entry) ? [{ entry, path: ['spec', `${kind}s`, i] }] : []));
}

function outsiderOf(kind: Outsider['kind'], entry: Fields, at: Outsider['at']): Outsider {
  const addresses = [textOf(entry['address']), ...textsOf(entry['addresses'])].map(parseIp).filter((address) => address !== null);
  const routes = recordsOf(entry['routes']).map((route) => ({ dst: parseCidr(textOf(route['dst']) || textOf(route['to'])), via: textOf(route['via']) }));
  return {
    kind,
    name: textOf(entry['name']),
    addresses: [...new Set(addresses)],
    ports: entry['ports'] === undefined ? null : listOf(entry['ports']).flatMap(portOf),
    routes: routes.filter((route): route is Outsider['routes'][number] => route.dst !== null),
    dnsNames: [...textsOf(entry['dnsNames']), ...textsOf(entry['dns'])].map((name) => name.toLowerCase().replace(/\.$/, '')),
    at,
    implied: false,
  };
}

/** `443`, `"53/udp"` or `{ port, protocol }`. */
function portOf(item: Fields[string]): NonNullable<Outsider['ports']> {
  if (typeof item === 'number') return [{ protocol: 'tcp', port: item }];
  if (typeof item === 'string') {
    const [port, protocol] = item.split('/');
    return /^\d+$/.test(port ?? '') ? [{ protocol: protocolOf(protocol), port: Number(port) }] : [];
  }
  const port = integerOf(dig(item, 'port'), 0);
  return port > 0 ? [{ protocol: protocolOf(dig(item, 'protocol')), port }] : [];
}
