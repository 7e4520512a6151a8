import type { ObjectRef } from '../base/object-ref.ts';
import type { Probe, ProbeVerdict } from '../trace/types.ts';

/** A verdict, or one per datapath id. */
export type PerDatapath<T> = T | { readonly [datapath: string]: T };
export interface Expectation {
  readonly name?: string;
  readonly probe: Probe;
  readonly verdict: PerDatapath<ProbeVerdict | 'ambiguous'>;
  readonly code?: PerDatapath<string>;
  /** Holds on every delivered branch. */
  readonly endpoint?: { readonly node?: string; readonly pod?: string; readonly ip?: string; readonly port?: number };
  /** An address, or `node/NAME`, `pod/NS/NAME`, `client/NAME`; every delivered branch's. */
  readonly sourceSeen?: PerDatapath<string>;
  /** Kinds of rewriting that every delivered branch has: `dnat`, `masquerade`, `snat`. */
  readonly passes?: readonly ('dnat' | 'snat' | 'masquerade' | 'hairpin' | 'encap')[];
  /** The share delivered, `1/2`. */
  readonly delivered?: PerDatapath<string>;
  readonly branches?: PerDatapath<number>;
  /** The status of every branch's answer. */
  readonly http?: number;
  /** DNS questions that every branch asks before its connection. */
  readonly queries?: number;
  /** Machines (`router/lab`, `node/c`) that no packet there or back comes by. */
  readonly avoids?: readonly string[];
  /** How the requests of one connection (`http.requests`) spread over everyone who can answer, most first: `[99, 0, 0]`; whichever way the connection goes. */
  readonly spread?: readonly number[];
  /** `namespace/pod` → the share of connections that it answers; pods left out are not asked. */
  readonly shares?: Readonly<Record<string, string>>;
}
export interface ScenarioStep {
  readonly say?: string;
  readonly camera?: { readonly fit: readonly string[] };
  readonly highlight?: readonly string[];
  readonly probe?: Probe;
  readonly predict?: { readonly question: string; readonly at: string; readonly options: string | readonly string[] };
}
export interface Patch { readonly target: string; readonly set: Readonly<Record<string, unknown>> }
export interface Variant { readonly patch: readonly Patch[]; readonly expect: readonly Expectation[] }
export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly module: string;
  readonly order: number;
  readonly teaches: readonly string[];
  readonly surprise: string;
  readonly manifests: readonly string[];
  readonly datapaths: readonly string[];
  readonly steps: readonly ScenarioStep[];
  readonly expect: readonly Expectation[];
  readonly broken: Variant | null;
  /** Further states worth showing, each from the manifests as given. */
  readonly variants?: readonly (Variant & { readonly name: string })[];
  readonly onACluster: string;
}
export interface ExpectationResult { readonly name: string; /** `as-given`, `broken`, or the name of a further variant. */ readonly variant: string; readonly datapath: string; readonly passed: boolean; readonly detail: string; readonly about?: ObjectRef }
