import type { Problem } from '../base/problem.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import type { Grouping, Positions } from '../model/edit/types.ts';
import type { Cluster, HeldPlaces } from '../model/types.ts';
import type { Glossary, Journey } from '../trace/types.ts';

/** One file's text. Bytes that are not valid UTF-8 travel as base64, so that the engine can say what is wrong where. */
export interface TextDocument { readonly name: string; readonly text: string; readonly encoding?: 'base64' }

/** What stands beside the documents and never in them, kept with the file: an engine that opens both shows what this one shows. */
export interface Sidecar {
  /** Places on the canvas that were chosen by hand. */
  readonly positions: Positions;
  /** Nodes and groups of pods that are drawn as one line each. */
  readonly folded?: readonly string[];
  /** By what pods are drawn as one; absent = each for itself. */
  readonly grouping?: Exclude<Grouping, 'none'>;
  /** Where pods stood and what addresses they had before the last edit, by `namespace/name`: an edit elsewhere moves none of them. */
  readonly held?: HeldPlaces;
  /** By node: what its stopped kube-proxy last saw. */
  readonly stale?: Readonly<Record<string, { readonly documents: readonly TextDocument[]; readonly held?: HeldPlaces }>>;
}

/** A revision as the engine understood it. The host keeps the documents, so that any engine can be restarted from them (DESIGN §8.1). */
export interface Opened {
  readonly revision: number;
  readonly title: string;
  readonly documents: readonly TextDocument[];
  readonly cluster: Cluster;
  readonly problems: readonly Problem[];
  readonly problemsOmitted: number;
  /** Objects read, by kind, for the "n objects ready" line. */
  readonly counts: Readonly<Record<string, number>>;
  /** Machines whose rules were read from a real node's own text, and from which documents. */
  readonly nodeRules?: readonly { readonly netns: NetnsId; readonly files: readonly string[] }[];
  readonly sidecar?: Sidecar;
  /** What undo and redo would take back or do again, in words ("Move api-1 to node b"); null where there is nothing. */
  readonly undo?: string | null;
  readonly redo?: string | null;
}

/** What an open would do, before anything is replaced (reliability §2 (b)). */
export interface Preview { readonly objects: number; readonly problems: readonly Problem[]; readonly problemsOmitted: number; readonly counts: Readonly<Record<string, number>> }

export interface Answer { readonly revision: number; readonly journey: Journey; readonly glossary: Glossary }

/** One printed line of a host's rules, with the rule it shows (null for headers, chains and COMMIT). */
export interface RuleLine { readonly text: string; readonly rule: string | null }
export type RulesFormat = 'iptables-save' | 'ipset' | 'nft' | 'ipvsadm' | 'ip-route' | 'ip-addr';

/** A step of the destination picker: what a destination offers. */
export interface Offer { readonly port: number; readonly protocol: 'tcp' | 'udp' | 'sctp'; readonly name: string }
