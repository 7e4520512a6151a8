import type { Check } from '../check.ts';
import type { NameFault } from '../names.ts';
import type { MapNode } from '../yaml/node.ts';

/** What Podhop knows of one kind. */
export interface KindRule {
  readonly kind: string;
  /** The served apiVersions, the current one first. */
  readonly apiVersions: readonly string[];
  /** Its struct in `shapes/`. */
  readonly struct: string;
  /** `config`: a component's configuration file, no API object, so it needs no name. */
  readonly scope: 'namespaced' | 'cluster' | 'config';
  readonly simulated: boolean;
  readonly checkName: (name: string) => NameFault | null;
  /** What the API server validates beyond the types. */
  readonly check?: (check: Check, root: MapNode) => void;
  /** Top-level fields that never leave the reader, such as a Secret's values. */
  readonly redact?: readonly string[];
}
