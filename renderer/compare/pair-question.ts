import type { Question } from '../../shared/api/analysis-contract.ts';
import type { Allowed, PathChange } from '../../shared/api/reach-contract.ts';
import type { Cluster, L4Protocol } from '../../shared/model/types.ts';
import { podsOf } from '../reach/decision.ts';
import { readPeer } from '../reach/reach-pairs.ts';

type Range = readonly [number, number];
const every: readonly Range[] = [[1, 65_535]];
const rangesOf = (allowed: readonly Allowed[], protocol: L4Protocol): readonly Range[] => {
  const ports = allowed.find((one) => one.protocol.toLowerCase() === protocol)?.ports ?? '';
  if (ports === 'all') return every;
  return ports === '' ? [] : ports.split(',').map((range): Range => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return [from, to];
  });
};
const has = (ranges: readonly Range[], port: number): boolean => ranges.some(([from, to]) => from <= port && port <= to);

/** A port on which two answers differ: one that the destination declares where there is such, else the lowest; null where they are the same. */
export function portThatDiffers(before: readonly Allowed[], after: readonly Allowed[], declared: readonly { readonly port: number; readonly protocol: L4Protocol }[]): { readonly protocol: L4Protocol; readonly port: number } | null {
  const differs = ({ port, protocol }: { readonly port: number; readonly protocol: L4Protocol }): boolean => has(rangesOf(before, protocol), port) !== has(rangesOf(after, protocol), port);
  const own = declared.find(differs);
  if (own !== undefined) return { protocol: own.protocol, port: own.port };
  for (const protocol of ['tcp', 'udp', 'sctp'] as const) {
    // a difference begins where a range begins, or right behind its end
    const edges = [...rangesOf(before, protocol), ...rangesOf(after, protocol)].flatMap(([from, to]) => [from, to + 1]).toSorted((a, b) => a - b);
    // nothing is open on 1–79 only because of 80: the port that everybody knows is asked about where the whole range differs
    const port = [80, ...edges].find((edge) => edge <= 65_535 && differs({ port: edge, protocol }));
    if (port !== undefined) return { protocol, port };
  }
  return null;
}

/** The question that shows how a pair is judged otherwise, with its title; null where no packet could show it. */
export function questionOfPair(cluster: Cluster, src: string, dst: string, before: readonly Allowed[], after: readonly Allowed[]): { readonly question: Question; readonly title: string } | null {
  const found = portThatDiffers(before, after, podsOf(cluster, readPeer(dst)).flatMap(({ ports }) => ports));
  if (found === null || src.startsWith('{')) return null;
  const suffix = found.protocol === 'tcp' ? '' : ` ${found.protocol.toUpperCase()}`;
  return { question: { kind: 'pair', from: src, to: dst, ...found }, title: `${readPeer(src).name} → ${readPeer(dst).name}:${found.port}${suffix}` };
}

/** The same for a workload's call to a Service. */
export function questionOfCall({ from, to, protocol, port }: PathChange): { readonly question: Question; readonly title: string } {
  return { question: { kind: 'pair', from, to, protocol: protocol as L4Protocol, port }, title: `${readPeer(from).name} → ${to.split('/').at(-1) ?? to}:${port}${protocol === 'tcp' ? '' : ` ${protocol.toUpperCase()}`}` };
}
