import type { Cluster } from '../../shared/model/types.ts';
import { listPlaces, type Place } from '../state/places.ts';
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
  /** Undefined for what has nothing below it. */
  readonly expanded?: boolean;
  readonly parent: string | null;
}

interface Section { readonly id: string; readonly icon: IconName; readonly name: string; readonly place: Place | null; readonly note: string; readonly children: readonly Place[] }

/** Above this many things below it a section starts closed. */
const startsClosed = 12;
/** Rows below one section at most; the rest is found by search. */
const shownBelow = 300;

function sectionsOf(cluster: Cluster): readonly Section[] {
  const places = listPlaces(cluster);
  const below = (parent: string): readonly Place[] => places.filter((place) => place.parent === parent);
  const heading = (id: string, icon: IconName, name: string, children: readonly Place[]): Section => ({ id, icon, name, place: null, note: String(children.length), children });
  const nodes = below('nodes').map((place): Section => ({ id: place.id, icon: 'node', name: `Node ${place.name}`, place, note: place.trouble, children: below(place.id) }));
  const rest = [heading('unscheduled', 'pod', 'Not scheduled', below('unscheduled')), heading('services', 'service', 'Services', below('services')), heading('outside', 'internet', 'Outside', below('outside'))];
  return [...nodes, ...rest.filter(({ children }) => children.length > 0)];
}

/** Whether a section is open where the person has not said: small ones are. */
const opensByItself = (section: Section, nodes: number): boolean => section.children.length <= startsClosed && (section.place === null ? section.id !== 'services' || section.children.length <= 6 : nodes <= 8);

/** The outline's visible rows. `toggled` holds the sections that the person turned from their first state. */
export function outlineRows(cluster: Cluster, toggled: ReadonlySet<string>): readonly OutlineRow[] {
  return sectionsOf(cluster).flatMap((section) => {
    const { id, icon, name, note, place, children } = section;
    const expanded = opensByItself(section, cluster.nodes.length) !== toggled.has(id);
    const head: OutlineRow = { id, level: 1, icon, name, note, place, parent: null, ...(children.length > 0 ? { expanded } : {}) };
    if (!expanded) return [head];
    const rows = children.slice(0, shownBelow).map((child): OutlineRow => ({ id: child.id, level: 2, icon: child.icon, name: child.name, note: child.trouble, place: child, parent: id }));
    const more = children.length - rows.length;
    const rest: readonly OutlineRow[] = more > 0 ? [{ id: `${id} more`, level: 2, icon: 'search', name: `${more} more: use search`, note: '', place: null, parent: id }] : [];
    return [head, ...rows, ...rest];
  });
}
