import { familyOf, type Ip } from '../../base/ip.ts';
import type { Netns } from '../netns.ts';
import type { RuleLine } from './iptables-words.ts';

const options = { tcp: '-t', udp: '-u', sctp: '--sctp-service' } as const;
const socket = (ip: Ip, port: number): string => (familyOf(ip) === 6 ? `[${ip}]:${port}` : `${ip}:${port}`);

/** What `ipvsadm -Sn` lists in this namespace: each virtual server, then its real servers, by masquerading (`-m`) as kube-proxy makes them. The rule of a line is `PROTOCOL/IP:PORT`. */
export function printIpvsadm(netns: Pick<Netns, 'virtualServers'>): readonly RuleLine[] {
  return netns.virtualServers.flatMap((server) => {
    const service = `${options[server.protocol]} ${socket(server.ip, server.port)}`;
    const rule = `${server.protocol}/${socket(server.ip, server.port)}`;
    const persistent = server.persistentSeconds === undefined ? '' : ` -p ${server.persistentSeconds}`;
    const flags = server.schedulerFlags === undefined ? '' : ` -b ${server.schedulerFlags.join(',')}`;
    return [
      { text: `-A ${service} -s ${server.scheduler}${persistent}${flags}`, rule },
      ...server.real.map((real) => ({ text: `-a ${service} -r ${socket(real.ip, real.port)} -m -w ${real.weight}`, rule })),
    ];
  });
}
