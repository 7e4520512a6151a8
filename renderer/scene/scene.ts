import type { IconName } from '../theme/icon-paths.ts';
import type { Point, Rect } from './geometry.ts';

/** How much a picture shows (LOOKS.md "Density"): rows with doors, or rows with cells grouped by owner. */
export type Density = 'rows' | 'cells';

/** A pod as a door in its node's row. */
export interface Door {
  readonly id: string;
  readonly rect: Rect;
  readonly icon: IconName;
  /** Workload's name, and what Kubernetes appended to make the pod's. */
  readonly name: string;
  readonly suffix: string;
  readonly namespace: string;
  readonly node: string;
  readonly address: string;
  /** A word: `Ready`, `Not ready`, `Completed`. */
  readonly status: string;
  readonly ready: boolean;
  readonly twoLines: boolean;
  readonly shield: boolean;
  /** Lives in its node's own namespace: no wire of its own. */
  readonly hostNetwork: boolean;
  /** Its cable to the node is cut. */
  readonly cut: boolean;
  readonly label: string;
}

/** What does not fit into a row: a count that unfolds. `members` are the pods behind it. */
export interface More { readonly node: string; readonly rect: Rect; readonly count: number; readonly folds: boolean; readonly members: readonly string[] }

/** A workload's or a namespace's pods on one node, drawn as one door with its ready share; unfolds. */
export interface Bundle { readonly id: string; readonly rect: Rect; readonly name: string; readonly count: number; readonly ready: number; readonly members: readonly string[]; readonly label: string }

/** One pod of a crowd: a 10 px cell. */
export interface Cell { readonly id: string; readonly x: number; readonly y: number; readonly ready: boolean; readonly label: string }
/** A workload's pods on one node: as cells, or in a multitude as one bar of a width, its ready share filled. */
export interface CellGroup { readonly name: string; readonly x: number; readonly y: number; readonly cells: readonly Cell[]; readonly bar: { readonly width: number; readonly count: number; readonly ready: number } | null }

/** A node: a row whose kernel is a track from eth0 to the bridge. Points are where stations stand. */
export interface Row {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly ready: boolean;
  /** Beside its name, '' when all is well: `Stopped`, `Cable cut, cordoned`. */
  readonly trouble: string;
  /** Its cable to the nodes' network is cut. */
  readonly cut: boolean;
  /** Under its track, '' with every route there: `No route to node b’s pods`. */
  readonly lost: string;
  readonly rect: Rect;
  readonly spine: number;
  readonly track: number;
  readonly uplink: Point;
  /** The tunnel's station, null where the pod network has none. */
  readonly tunnel: Point | null;
  readonly kernel: Point;
  readonly bridge: Point;
  /** The first and last y of the bridge's bar. */
  readonly bar: readonly [number, number];
  readonly doors: readonly Door[];
  readonly bundles: readonly Bundle[];
  readonly more: More | null;
  /** Drawn as a name and one track, because a person asked for it. */
  readonly folded: boolean;
  readonly groups: readonly CellGroup[];
  readonly label: string;
}

/** A Service: a pointed capsule on top. */
export interface Capsule { readonly id: string; readonly rect: Rect; readonly name: string; readonly namespace: string; readonly address: string; readonly label: string }

/** A path of an Ingress and the Service it leads to: a rule in the controller, so like a Service it is no place. */
export interface PathChip { readonly id: string; readonly rect: Rect; /** `shop.example/api`. */ readonly words: string; /** The Service, `service/NS/NAME`, and what it is called. */ readonly service: string; readonly to: string; readonly label: string }

/** Something outside the cluster: an icon with a name under it. */
export interface Outside { readonly id: string; readonly centre: Point; readonly icon: IconName; readonly name: string; readonly address: string; /** `Cable cut`, '' when all is well. */ readonly trouble: string; readonly cut: boolean; readonly label: string }

/** The router between the outside line and the nodes' spine. */
export interface Router { readonly at: Point; readonly address: string; readonly trouble: string }

/** Everything still: where things are, before any packet. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly density: Density;
  /** The stage is low: one-line doors, tight rows. */
  readonly low: boolean;
  /** Drawn for a projector: larger words, fewer things. */
  readonly large: boolean;
  readonly rows: readonly Row[];
  readonly capsules: readonly Capsule[];
  /** Services that found no room on top; unfolds. */
  readonly moreServices: { readonly rect: Rect; readonly count: number; readonly folds: boolean } | null;
  readonly paths: readonly PathChip[];
  readonly morePaths: Scene['moreServices'];
  readonly outside: readonly Outside[];
  readonly router: Router | null;
  /** Names of the zones that a crowd's nodes stand in, with how many they are. */
  readonly zones: readonly { readonly name: string; readonly x: number; readonly y: number; readonly nodes: number }[];
  /** x of the line that outside things hang on. */
  readonly outsideLine: number;
  /** The nodes' network: x of each spine with its y range, the first one nearest to the outside. */
  readonly spines: readonly { readonly x: number; readonly top: number; readonly bottom: number }[];
  /** y of the line that joins several spines; null with one. */
  readonly crossing: number | null;
  /** The nodes' subnet as text, '' where it is not one. */
  readonly subnet: string;
  /** The Service whose sheet hangs through the nodes. */
  readonly sheet: { readonly service: string; readonly spans: readonly Rect[] } | null;
  readonly names: { readonly tunnel: string; readonly bridge: string };
}
