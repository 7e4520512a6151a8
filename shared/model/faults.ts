import type { Problem } from '../base/problem.ts';
import type { Json } from '../base/json.ts';
import type { KubeObject } from '../kube/types.ts';
import { dig, hasFields, integerOf, listOf, textOf } from './json-fields.ts';
import { problemAt } from './problems.ts';
import type { Fault } from './types.ts';

const nodeFaults = ['node-stopped', 'stale-kube-proxy', 'br-netfilter-off', 'hairpin-off'] as const;
const protocols = ['tcp', 'udp', 'sctp', 'icmp'] as const;

/** The Sandbox document's `faults`: a list of `{ kind, … }` in the form of `Fault`, and a problem for each item of another form. */
export function buildFaults(sandbox: KubeObject | null): { readonly faults: readonly Fault[]; readonly problems: readonly Problem[] } {
  const read = listOf(dig(sandbox?.value, 'spec', 'faults')).map(faultOf);
  const problems = read.flatMap((fault, i) => (typeof fault === 'string' ? [problemAt(sandbox!, ['spec', 'faults', i], 'error', 'bad-fault', `this fault ${fault}`, 'for example { kind: link-cut, a: node/a, b: node/b }, { kind: node-stopped, node: a }, { kind: mtu, on: node/a, bytes: 1400 }')] : []));
  return { faults: read.filter((fault) => typeof fault !== 'string'), problems };
}

function faultOf(item: Json): Fault | string {
  if (!hasFields(item)) return 'is no { kind: … }';
  const text = (key: string): string => textOf(item[key]);
  // YAML 1.1, as Kubernetes reads it, takes an unquoted `on` for the boolean true
  const on = text('on') || text('true');
  const kind = text('kind');
  const nodeFault = nodeFaults.find((known) => known === kind);
  if (nodeFault !== undefined) return text('node') === '' ? 'names no node' : { kind: nodeFault, node: text('node').replace(/^node\//, '') };
  switch (kind) {
    case 'link-cut':
      return text('a') === '' || text('b') === '' ? 'names no a and b' : { kind, a: text('a'), b: text('b') };
    case 'route-cut':
      return on === '' || text('dst') === '' ? 'names no on and dst' : { kind, on, dst: text('dst') };
    case 'mtu': {
      const bytes = integerOf(item['bytes'], 0);
      return on === '' || bytes < 68 ? 'names no on and bytes (68 or more, RFC 791)' : { kind, on, ...(text('link') === '' ? {} : { link: text('link') }), bytes };
    }
    case 'fabric-blocks': {
      const protocol = protocols.find((known) => known === text('protocol').toLowerCase());
      const port = integerOf(item['port'], 0);
      return protocol === undefined ? 'names no protocol' : { kind, protocol, ...(port === 0 ? {} : { port }) };
    }
    default:
      return `has an unknown kind "${kind}"`;
  }
}
