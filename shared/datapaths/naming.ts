import { fnv1a32 } from '../base/stable-id.ts';
import type { IfName, NetnsId } from '../dataplane/ids.ts';
import type { Outsider, Pod } from '../model/types.ts';

export const nodeNetns = (name: string): NetnsId => `node/${name}`;
export const outsiderNetns = (outsider: Outsider): NetnsId => `${outsider.kind}/${outsider.name}`;

const hex = (text: string): string => fnv1a32(text).toString(16).padStart(8, '0');

/** An interface name of at most 15 characters (IFNAMSIZ): prefix and name where they fit, else a shortened name and a hash. */
export function ifNameFor(prefix: string, name: string): IfName {
  const whole = `${prefix}${name}`;
  return whole.length <= 15 && /^[a-zA-Z0-9._-]+$/.test(whole) ? whole : `${prefix}${name.replace(/[^a-zA-Z0-9._-]/g, '').slice(0, 14 - prefix.length - 8)}-${hex(name)}`;
}

/** The node's end of a pod's cable: `veth` and eight hex digits as the bridge plugin forms it, here from the pod's name instead of random. */
export const podVeth = (pod: Pod): IfName => `veth${hex(`${pod.namespace}/${pod.name}`)}`;

/** Whether the pod has a namespace of its own: placed, with an address, not finished. */
export const hasNetns = (pod: Pod): boolean => !pod.hostNetwork && pod.node !== '' && pod.ips.length > 0 && pod.phase !== 'Succeeded' && pod.phase !== 'Failed';
