import type { FractionJson } from '../base/fraction.ts';
import type { Problem } from '../base/problem.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import type { ProxyMode } from '../model/types.ts';
import type { Explained, Probe } from '../trace/types.ts';

/** Packets by rule or base chain (its policy), machine by machine. */
export type HitCounters = Readonly<Record<NetnsId, Readonly<Record<string, number>>>>;
/** `notSent` says, one sentence each, which questions could not be asked. */
export interface Counted { readonly revision: number; readonly sent: number; readonly notSent: readonly string[]; readonly counters: HitCounters }

/** Where one of many sent packets may end: the branches that end alike, their odds together, and how many did. `sentence` only where no branch says it. */
export interface SampleBin { readonly branches: readonly number[]; readonly odds: FractionJson; readonly count: number; readonly sentence?: string }
/** `order` names each packet's bin in the order they were sent. */
export interface Sampled { readonly revision: number; readonly bins: readonly SampleBin[]; readonly order: readonly number[] }

/** One chain, map or set of a host before and after: lines that go and lines that come. */
export interface ChainChange { readonly where: string; readonly removed: readonly string[]; readonly added: readonly string[] }
/** What another proxy mode would do to one host. The sums count every line, `omitted` those that `chains` leaves out. */
export interface ModePreview {
  readonly mode: ProxyMode;
  readonly from: ProxyMode;
  readonly netns: NetnsId;
  readonly removed: number;
  readonly added: number;
  readonly kept: number;
  readonly chains: readonly ChainChange[];
  readonly omitted: number;
  /** Problems that the other mode would bring. */
  readonly problems: readonly Problem[];
}

export interface EndpointUse { readonly ip: string; readonly port: number; readonly pod?: string; readonly node?: string }
/** What one node's kube-proxy uses: `cluster` for traffic that may go anywhere, `local` for traffic that must stay on the node. */
export interface EndpointList { readonly list: 'cluster' | 'local'; readonly used: readonly EndpointUse[]; readonly leftOut: readonly (EndpointUse & { readonly why: string })[] }
export interface ServicePortView {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly family: 4 | 6;
  readonly internalPolicy: 'Cluster' | 'Local';
  readonly externalPolicy: 'Cluster' | 'Local';
  readonly fromOutside: boolean;
  readonly nodes: readonly { readonly node: string; readonly topology: 'none' | 'same-node' | 'same-zone'; readonly lists: readonly EndpointList[] }[];
}
export interface EndpointsView { readonly service: string; readonly ports: readonly ServicePortView[] }

/** What the engine can say about rules, beside a journey. None of it changes anything. */
export interface RulesMethods {
  /** What a rule, chain or route of a host says and why it is there; null for an id that is none of these. */
  explain: { input: { netns: NetnsId; id: string }; output: { explained: Explained | null } };
  /** Sends each question once, as the seed decides and each after the other, and counts what every rule saw. */
  counters: { input: { probes: readonly Probe[]; seed?: number }; output: Counted };
  /** Sends one question many times, as the seed decides and each after the other, on connections of their own or all on one; where they ended, beside the exact odds. */
  sample: { input: { probe: Probe; count: number; seed?: number; oneConnection?: boolean }; output: Sampled };
  /** What a host's kernel would lose and gain in another proxy mode, before the edit `set-proxy-mode`. */
  previewMode: { input: { mode: ProxyMode; netns: NetnsId }; output: ModePreview };
  /** A Service's endpoints as each node uses them, and why others are left out. */
  endpointsOf: { input: { service: string }; output: EndpointsView };
}
