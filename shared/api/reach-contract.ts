/** What NetworkPolicy permits of one protocol: `all`, or `80,443,8000-8100`. */
export interface Allowed { readonly protocol: string; readonly ports: string }

/** CLI.md's JSON of `reach`. */
export interface ReachAnswer {
  readonly connections: readonly { readonly src: string; readonly dst: string; readonly allowed: readonly Allowed[] }[];
  readonly peers: readonly string[];
}

export type ChangeKind = 'opened' | 'closed' | 'changed';

/** A pair of peers whose connections are judged otherwise; an empty list is nothing, also where a peer does not exist. */
export interface ConnectionChange { readonly src: string; readonly dst: string; readonly change: ChangeKind; readonly before: readonly Allowed[]; readonly after: readonly Allowed[] }

/** One side of a workload's call to a Service: `branches` are `ODDS VERDICT WHO`, `hops` the machines of the first branch. */
export interface PathSide { readonly verdict: string; readonly codes: readonly string[]; readonly branches: readonly string[]; readonly hops: readonly string[] }

/** A workload's call to a Service that ends otherwise, or is answered by others. A side is null where the workload or the Service does not exist. */
export interface PathChange {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port: number;
  readonly change: ChangeKind;
  readonly before: PathSide | null;
  readonly after: PathSide | null;
  /** The first hop that differs, counted from 0, or the last common one where one way ends there. */
  readonly partsAt: { readonly hop: number; readonly before: string; readonly after: string } | null;
}

/** What became reachable, what stopped, what changed its path. */
export interface DiffAnswer {
  readonly same: boolean;
  readonly connections: readonly ConnectionChange[];
  readonly services: readonly PathChange[];
  readonly peersAdded: readonly string[];
  readonly peersRemoved: readonly string[];
  /** Calls to Services that were not compared, because there are too many. */
  readonly questionsLeftOut: number;
}
