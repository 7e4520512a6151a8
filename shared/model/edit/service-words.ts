import type { Service } from '../types.ts';
import type { PortEdit, ServiceFields } from './types.ts';

/** Words before and after "of NAME". */
type Words = readonly [head: string, tail?: string];

/** A span of seconds in the largest unit that divides it: `3 h`, `90 s`. */
function spanWords(seconds: number): string {
  if (seconds > 0 && seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds > 0 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

const listed = (head: string, list: readonly string[] | null): Words => (list === null || list.length === 0 ? [`No ${head}`] : [`${head} ${list.join(', ')}`]);
const policy = (head: string, value: string | null): Words => (value === null ? [`Default ${head}`] : [`${head} ${value}`]);

/** What became of the ports: the one field of the one port that changed, else that they did. */
function portWords(before: Service['ports'], ports: readonly PortEdit[]): Words {
  const known = (port: PortEdit): boolean => before.some((one) => one.port === port.port && one.protocol.toUpperCase() === (port.protocol ?? 'TCP'));
  const lost = before.find((one) => !ports.some((port) => port.port === one.port && (port.protocol ?? 'TCP') === one.protocol.toUpperCase()));
  const made = ports.filter((port) => !known(port));
  if (ports.length === before.length - 1 && made.length === 0 && lost !== undefined) return [`No port ${lost.port}`];
  if (ports.length === before.length + 1 && made.length === 1 && lost === undefined) return [`New port ${made[0]!.port}`];
  const changed = ports.filter((port, i) => before[i] === undefined || port.port !== before[i].port || (port.targetPort ?? port.port) !== before[i].targetPort || (port.nodePort ?? 0) !== before[i].nodePort || (port.name ?? '') !== before[i].name || (port.protocol ?? 'TCP') !== before[i].protocol.toUpperCase());
  const [port] = changed;
  if (changed.length !== 1 || port === undefined || ports.length !== before.length) return ['Ports'];
  const was = before[ports.indexOf(port)]!;
  if (port.port !== was.port) return [`Port ${port.port}`, `, was ${was.port}`];
  if ((port.targetPort ?? port.port) !== was.targetPort) return [`Target ${port.targetPort ?? port.port} of port ${port.port}`];
  return (port.nodePort ?? 0) === was.nodePort ? [`Port ${port.port}`] : [port.nodePort === undefined || port.nodePort === 0 ? `No fixed node port for port ${port.port}` : `Node port ${port.nodePort} for port ${port.port}`];
}

function clusterIpWords(value: string | null): Words {
  if (value === 'None') return ['No cluster IP'];
  return value === null ? ['An allocated cluster IP'] : [`Cluster IP ${value}`];
}

type WordsOf = { readonly [K in keyof ServiceFields]-?: (value: Exclude<ServiceFields[K], undefined>, before: Service) => Words };

const wordsOf: WordsOf = {
  type: (type) => [`Type ${type}`],
  ports: (ports, { ports: before }) => portWords(before, ports),
  externalTrafficPolicy: (value) => policy('external traffic policy', value),
  internalTrafficPolicy: (value) => policy('internal traffic policy', value),
  sessionAffinitySeconds: (seconds) => (seconds === null ? ['No session affinity'] : ['Session affinity', ` for ${spanWords(seconds)}`]),
  externalName: (name) => [`External name ${name}`],
  externalIPs: (list) => listed('external IPs', list),
  loadBalancerSourceRanges: (list) => listed('load balancer source ranges', list),
  publishNotReadyAddresses: (value) => value === true ? ['Names', ' also for pods that are not ready'] : ['Names', ' for ready pods only'],
  trafficDistribution: (value) => (value === null ? ['No traffic distribution'] : [`Traffic distribution ${value}`]),
  clusterIP: clusterIpWords,
};

const capital = (words: string): string => `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}`;
const small = (words: string): string => `${words[0]?.toLowerCase() ?? ''}${words.slice(1)}`;

/** What a change of a Service's fields is called, so that "Undo" may stand before it: `Session affinity of cart for 3 h`. */
export function serviceTitle(before: Service, fields: ServiceFields): string {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const words = given.map(([key, value]) => (wordsOf[key as keyof ServiceFields] as (value: unknown, before: Service) => Words)(value, before));
  const [first] = words;
  if (first === undefined) return `Nothing of ${before.name}`;
  if (words.length === 1) return `${capital(first[0])} of ${before.name}${first[1] ?? ''}`;
  return `${words.map(([head, tail = ''], i) => (i === 0 ? capital(head) : small(head)) + tail).join(', ')} of ${before.name}`;
}
