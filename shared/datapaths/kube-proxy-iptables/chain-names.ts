import { sha256Base32 } from '../../base/sha256-base32.ts';

/** First 16 characters of base32(sha256(text)), which end every per-Service chain's name. */
const hash16 = (text: string): string => sha256Base32(text, 2);

/** The names of the chains that one Service port may have. */
export interface ChainNames { readonly svc: string; readonly svl: string; readonly fw: string; readonly ext: string }

/** KUBE-SVC-, -SVL-, -FW- and -EXT- names of a Service port (portProtoHash): `name` is `ns/name:portname`, the protocol in lower case. */
export function chainNames(name: string, protocol: string): ChainNames {
  const hash = hash16(name + protocol);
  return { svc: `KUBE-SVC-${hash}`, svl: `KUBE-SVL-${hash}`, fw: `KUBE-FW-${hash}`, ext: `KUBE-EXT-${hash}` };
}

/** The KUBE-SEP- name of one endpoint of a Service port (servicePortEndpointChainName); `endpoint` is `ip:port` or `[ip6]:port`. */
export const endpointChainName = (name: string, protocol: string, endpoint: string): string => `KUBE-SEP-${hash16(name + protocol + endpoint)}`;
