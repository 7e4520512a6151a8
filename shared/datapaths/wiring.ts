import { cidr, ifAddress, type Cidr, type IfAddress } from '../base/cidr.ts';
import { familyOf, type Ip, type IpFamily } from '../base/ip.ts';
import { macFor } from '../base/mac.ts';
import type { IfName, NetnsId, Origin } from '../dataplane/ids.ts';
import type { Link, Route } from '../dataplane/netns.ts';
import { buildRoute } from '../dataplane/route.ts';

/** Everywhere of a family. */
export const anywhere: Readonly<Record<IpFamily, Cidr>> = { 4: cidr('0.0.0.0/0'), 6: cidr('::/0') };

/** Space that the internet does not route (RFC 1918, 6598, 3927; RFC 4193 for IPv6). */
export const privateSpace: readonly Cidr[] = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16', 'fc00::/7'].map(cidr);

/** An address with the prefix length of its network, or alone (/32, /128). */
export const withPrefix = (address: Ip, bits?: number): IfAddress => ifAddress(`${address}/${bits ?? (familyOf(address) === 4 ? 32 : 128)}`);

interface Cable {
  readonly netns: NetnsId;
  readonly name: IfName;
  readonly to: { readonly netns: NetnsId; readonly link: IfName };
  readonly addresses?: readonly IfAddress[];
  readonly master?: IfName;
  readonly hairpin?: boolean;
  readonly mtu?: number;
  readonly origin: Origin;
}

/** One end of a cable; both ends are built alike by whoever stands there. */
export const cableEnd = (cable: Cable): Link => ({
  kind: 'veth', name: cable.name, peer: cable.to, mac: macFor(`${cable.netns} ${cable.name}`), mtu: cable.mtu ?? 1500, up: true, addresses: cable.addresses ?? [],
  ...(cable.master === undefined ? {} : { master: cable.master }), ...(cable.hairpin === undefined ? {} : { hairpin: cable.hairpin }), origin: cable.origin,
});

/** A bridge; its address is fixed, because a Linux bridge otherwise takes the lowest of its ports'. */
export const bridgeLink = (netns: NetnsId, name: IfName, addresses: readonly IfAddress[], origin: Origin, mtu = 1500): Link =>
  ({ kind: 'bridge', name, mac: macFor(`${netns} ${name}`), mtu, up: true, addresses, origin });

/** A route of the main table. */
export const route = (dst: Cidr, how: Partial<Pick<Route, 'via' | 'dev' | 'src' | 'scope' | 'onlink' | 'type' | 'nexthops'>>, origin: Origin): Route =>
  buildRoute({ table: 'main', dst, type: 'unicast', ...how, origin });
