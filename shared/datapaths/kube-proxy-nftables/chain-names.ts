import { sha256Base32 } from '../../base/sha256-base32.ts';
import type { Backend } from '../../model/port-plan.ts';
import type { ProxiedPort } from '../../model/service-ports.ts';

/** knftables.NameLengthMax (256) less the longest prefix (16). */
const longest = 240;

/** The name with its own hash before it, so that names differ at a glance; cut with `...` where it would be too long (hashAndTruncate). */
function hashed(name: string): string {
  const whole = `${sha256Base32(name, 1)}-${name}`;
  return whole.length > longest ? `${whole.slice(0, longest - 3)}...` : whole;
}

/** The names of the chains that one Service port may have. */
export interface ChainNames { readonly cluster: string; readonly local: string; readonly external: string; readonly firewall: string }

/** `service-HASH-ns/name/proto/port` and its kin (servicePortChainNameBase). */
export function chainNames({ service, protocol, portName }: ProxiedPort): ChainNames {
  const base = hashed(`${service.namespace}/${service.name}/${protocol}/${portName}`);
  return { cluster: `service-${base}`, local: `local-${base}`, external: `external-${base}`, firewall: `firewall-${base}` };
}

/** `endpoint-HASH-ns/name/proto/port__ip/port` (servicePortEndpointChainNameBase): IPv6's colons become dots. */
export const endpointChainName = ({ service, protocol, portName }: ProxiedPort, { ip, port }: Backend): string =>
  `endpoint-${hashed(`${service.namespace}/${service.name}/${protocol}/${portName}__${ip.replaceAll(':', '.')}/${port}`)}`;

/** The name of the affinity set that belongs to an endpoint's chain: `affinity-HASH-…`. */
export const affinitySetName = (endpointChain: string): string => `affinity-${endpointChain.slice('endpoint-'.length)}`;
