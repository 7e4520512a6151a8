import type { SourceSpan } from '../../shared/base/problem.ts';
import type { Cluster } from '../../shared/model/types.ts';
import { listPlaces, type Place } from '../state/places.ts';
import { policyPlaces } from '../state/policies.ts';
import type { IconName } from '../theme/icon-paths.ts';

/** One line of the outline. `place` is null for a heading that is no thing itself. */
export interface OutlineRow {
  readonly id: string;
  readonly level: 1 | 2;
  readonly icon: IconName;
  readonly name: string;
  /** At the right end: trouble in words, or a count. */
  readonly note: string;
  readonly place: Place | null;
  /** What has no place on the map: where its manifest is. */
  readonly at?: SourceSpan | null;
  /** Undefined for what has nothing below it. */
  readonly expanded?: boolean;
  readonly parent: string | null;
}

interface Section { readonly id: string; readonly icon: IconName; readonly name: string; readonly place: Place | null; readonly note: string; readonly children: readonly Child[] }
type Child = Pick<OutlineRow, 'id' | 'icon' | 'name' | 'note' | 'place' | 'at'>;

const childOf = (place: Place): Child => ({ id: place.id, icon: place.icon, name: place.name, note: place.trouble, place });

/** Above this many things below it a section starts closed. */
const startsClosed = 12;
/** Rows below one section at most; the rest is found by search. */
const shownBelow = 300;

/** What stands in the manifests only. */
const written = (kind: string, icon: IconName, things: readonly { readonly namespace: string; readonly name: string; readonly at: SourceSpan | null }[]): readonly Child[] =>
  things.map(({ namespace, name, at }) => ({ id: `${kind}/${namespace}/${name}`, icon, name, note: '', place: null, at }));

function sectionsOf(cluster: Cluster, shown: ReadonlySet<string> | null): readonly Section[] {
  const isShown = ({ id }: { readonly id: string }): boolean => shown === null || shown.has(id);
  const byParent = new Map<string, Place[]>();
  for (const place of listPlaces(cluster)) if (isShown(place)) byParent.set(place.parent, [...(byParent.get(place.parent) ?? []), place]);
  const below = (parent: string): readonly Child[] => (byParent.get(parent) ?? []).map(childOf);
  const heading = (id: string, icon: IconName, name: string, children: readonly Child[]): Section => ({ id, icon, name, place: null, note: String(children.length), children });
  const nodes = (byParent.get('nodes') ?? []).map((place): Section => ({ id: place.id, icon: 'node', name: `Node ${place.name}`, place, note: place.trouble, children: below(place.id) }));
  const ingresses = (cluster.ingresses ?? []).filter(({ namespace, name, backends }) => backends.some((_, i) => isShown({ id: `ingress/${namespace}/${name}/${i}` })));
  const rest = [
    heading('unscheduled', 'pod', 'Not scheduled', below('unscheduled')), heading('services', 'service', 'Services', below('services')), heading('ingresses', 'ingress', 'Ingresses', written('ingress', 'ingress', ingresses)),
    heading('policies', 'policy', 'Policies', policyPlaces(cluster).filter(isShown).map(childOf)), heading('outside', 'internet', 'Outside', below('outside')),
  ];
  return [...nodes, ...rest.filter(({ children }) => children.length > 0)];
}

/** Whether a section is open where the person has not said: small ones are. */
const opensByItself = (section: Section, nodes: number): boolean => section.children.length <= startsClosed && (section.place === null ? section.id === 'outside' || section.id === 'unscheduled' || (section.id === 'services' && section.children.length <= 6) : nodes <= 8);

/** Whether what is below a section is shown: its first state, turned by the person. */
const isExpanded = (section: Section, cluster: Cluster, toggled: ReadonlySet<string>, shown: ReadonlySet<string> | null): boolean => (opensByItself(section, cluster.nodes.length) || (shown !== null && section.children.length <= startsClosed)) !== toggled.has(section.id);

/** The closed section that holds a thing; null where its row is shown, or there is none. An Ingress's paths are found by their Ingress. */
export function closedOver(cluster: Cluster, toggled: ReadonlySet<string>, shown: ReadonlySet<string> | null, thing: string): string | null {
  const section = sectionsOf(cluster, shown).find(({ children }) => children.some(({ id }) => id === thing || thing.startsWith(`${id}/`)));
  return section === undefined || isExpanded(section, cluster, toggled, shown) ? null : section.id;
}

/** The outline's visible rows. `toggled` holds the sections that the person turned from their first state; `shown` what a filter leaves, null without one. */
export function outlineRows(cluster: Cluster, toggled: ReadonlySet<string>, shown: ReadonlySet<string> | null = null): readonly OutlineRow[] {
  return sectionsOf(cluster, shown).flatMap((section) => {
    const { id, icon, name, note, place, children } = section;
    const expanded = isExpanded(section, cluster, toggled, shown);
    const head: OutlineRow = { id, level: 1, icon, name, note, place, parent: null, ...(children.length > 0 ? { expanded } : {}) };
    if (!expanded) return [head];
    const rows = children.slice(0, shownBelow).map((child): OutlineRow => ({ ...child, level: 2, parent: id }));
    const more = children.length - rows.length;
    const rest: readonly OutlineRow[] = more > 0 ? [{ id: `${id} more`, level: 2, icon: 'search', name: `${more} more: use search`, note: '', place: null, parent: id }] : [];
    return [head, ...rows, ...rest];
  });
}
