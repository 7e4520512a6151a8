import type { Json } from '../base/json.ts';
import { dig, integerOf, recordsOf, textOf } from './json-fields.ts';
import type { Fault } from './types.ts';

const nodeFaults = ['node-stopped', 'stale-kube-proxy', 'br-netfilter-off', 'hairpin-off'] as const;
const protocols = ['tcp', 'udp', 'sctp', 'icmp'] as const;

/** The Sandbox document's `faults`: a list of `{ kind, … }` in the form of `Fault`; items it cannot read are left out (the schema reports them). */
export function faultsOf(value: Json | undefined): readonly Fault[] {
  return recordsOf(value).map(faultOf).filter((fault) => fault !== null);
}

function faultOf(item: Json): Fault | null {
  const text = (key: string): string => textOf(dig(item, key));
  const kind = text('kind');
  const nodeFault = nodeFaults.find((known) => known === kind);
  if (nodeFault !== undefined) return { kind: nodeFault, node: text('node').replace(/^node\//, '') };
  switch (kind) {
    case 'link-cut':
      return { kind, a: text('a'), b: text('b') };
    case 'route-cut':
      return { kind, on: text('on'), dst: text('dst') };
    case 'mtu':
      return { kind, on: text('on'), ...(text('link') === '' ? {} : { link: text('link') }), bytes: integerOf(dig(item, 'bytes'), 1500) };
    case 'fabric-blocks': {
      const protocol = protocols.find((known) => known === text('protocol').toLowerCase());
      const port = integerOf(dig(item, 'port'), 0);
      return protocol === undefined ? null : { kind, protocol, ...(port === 0 ? {} : { port }) };
    }
    default:
      return null;
  }
}
