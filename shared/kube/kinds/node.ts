import { familyOf } from '../../base/ip.ts';
import { cidrFamily } from '../../base/cidr.ts';
import { refuse, type Check } from '../check.ts';
import type { MapNode } from '../yaml/node.ts';
import { fieldOf, itemsOf, textOf } from '../yaml/tree.ts';
import { checkCidr, checkIp, oneOf, required } from './rules.ts';

/** What the API server validates of a Node, and the addresses that its kubelet would report. */
export function checkNode(check: Check, root: MapNode): void {
  const spec = fieldOf(root, 'spec');
  const one = fieldOf(spec, 'podCIDR');
  const many = itemsOf(fieldOf(spec, 'podCIDRs'));
  if (textOf(one)) checkCidr(check, one);
  const cidrs = many.map((node) => checkCidr(check, node));
  if (textOf(one) && many[0] && textOf(many[0]) !== textOf(one)) refuse(check, 'pod-cidr-mismatch', many[0], `spec.podCIDRs[0] must equal spec.podCIDR ${textOf(one)}`, 'write the same network in both');
  if (many.length > 2 || (cidrs[0] && cidrs[1] && cidrFamily(cidrs[0]) === cidrFamily(cidrs[1]))) refuse(check, 'too-many', many[2] ?? many[1]!, 'spec.podCIDRs holds at most one network per family', 'remove one');
  for (const taint of itemsOf(fieldOf(spec, 'taints'))) {
    if (taint.kind !== 'map') continue;
    required(check, taint, 'key', 'name the taint');
    oneOf(check, required(check, taint, 'effect', 'write NoSchedule, PreferNoSchedule or NoExecute'), ['NoSchedule', 'PreferNoSchedule', 'NoExecute']);
  }
  const seen = new Set<string>();
  for (const address of itemsOf(fieldOf(fieldOf(root, 'status'), 'addresses'))) {
    const type = fieldOf(address, 'type');
    oneOf(check, type, ['Hostname', 'InternalIP', 'ExternalIP', 'InternalDNS', 'ExternalDNS']);
    if (!textOf(type)?.endsWith('IP')) continue;
    const ip = checkIp(check, fieldOf(address, 'address'));
    const key = `${textOf(type)} ${ip}`;
    if (ip !== null && seen.has(key)) refuse(check, 'duplicate-value', fieldOf(address, 'address')!, (path) => `${path} ${ip} (IPv${familyOf(ip)}) is listed twice`, 'remove one');
    seen.add(key);
  }
}
