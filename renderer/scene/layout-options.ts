import type { Grouping, Positions } from '../../shared/model/edit/types.ts';
import type { Cluster } from '../../shared/model/types.ts';

export interface LayoutOptions {
  /** The room there is, px at zoom 1. */
  readonly width: number;
  readonly height: number;
  /** What the request on stage touches; these things come first and are one level more detailed. */
  readonly path: ReadonlySet<string>;
  /** The Service in the request, `service/NS/NAME`. */
  readonly service: string | null;
  /** Ranks that a person gave (arrange.ts). */
  readonly positions: Positions;
  /** Nodes that are drawn as a name and one track. */
  readonly folded: ReadonlySet<string>;
  /** By what a node's pods are drawn as one. */
  readonly grouping: Grouping;
  /** Nodes (`node/NAME`) whose every pod is shown, groups that are shown pod by pod, `services` for every Service, `ingresses` for every rule. */
  readonly unfolded: ReadonlySet<string>;
  /** Only what the path touches is drawn (projector). */
  readonly pathOnly: boolean;
  /** Words are half as large again (projector). */
  readonly large: boolean;
}

export const bareOptions: LayoutOptions = { width: 860, height: 660, path: new Set(), service: null, positions: {}, folded: new Set(), grouping: 'none', unfolded: new Set(), pathOnly: false, large: false };

/** Measures that the whole picture shares. */
export interface Frame {
  /** Nothing outside is on stage: the rows begin at the left edge. */
  readonly bare: boolean;
  /** How much larger words are than usual. */
  readonly letters: number;
  readonly low: boolean;
  readonly top: number;
  /** y of the first line of Services. */
  readonly services: number;
  readonly gap: number;
  readonly bottom: number;
  /** Left of the nodes: the outside column's centre, its line, the router, the spine, then the rows. */
  readonly outsideX: number;
  readonly outsideLine: number;
  readonly routerX: number;
  readonly spine: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

/** Stages lower than this get one-line doors and tight rows (LOOKS.md "Sizes"). */
const lowStage = 600;

/** Room that a line of Ingress paths takes above the Services, px. */
export const pathLine = 40;

/** The measures for a stage; narrower than 780 it keeps that width and the view zooms out. */
export function frameFor({ width, height, pathOnly, large }: LayoutOptions, outsiders: number, services: number, pathLines: number): Frame {
  const low = height < lowStage && !large;
  const bare = pathOnly && outsiders === 0;
  const paths = pathLines * pathLine;
  const top = (services === 0 ? 24 : low ? 60 : 82) + paths;
  // names of what is outside are the widest words there: half as large, they need half as much room again
  const outside = large ? 1.45 : 1;
  const left = bare ? 60 : 216 * outside;
  return {
    bare, letters: large ? 1.5 : 1, low, top, services: (low ? 12 : 22) + paths, gap: low ? 9 : 14, bottom: low ? 10 : 18,
    outsideX: 68 * outside, outsideLine: 122 * outside, routerX: 153 * outside, spine: left - 32, left,
    width: Math.max(width, bare ? 560 : 780), height,
  };
}

/** A cluster beyond this many pods or nodes is drawn as cells. */
export const isCrowd = ({ pods, nodes }: Cluster): boolean => pods.length > 60 || nodes.length > 9;
