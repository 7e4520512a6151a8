import type { Sidecar, TextDocument } from './shapes.ts';

/** The part of a sidecar that is kept in a file of its own beside the manifests: how a person arranged the map. */
export type KeptLayout = Pick<Sidecar, 'positions' | 'folded' | 'grouping'>;

/** Manifests `shop.yaml` have their layout in `shop.podhop-layout.json`. */
const ending = '.podhop-layout.json';

/** Whether a file keeps a layout and no manifests, by its name. */
export const isLayoutFile = (name: string): boolean => name.endsWith(ending);
/** The file that goes with a manifest's file or a folder. */
export const layoutFileOf = (name: string): string => `${name.replace(/\.(ya?ml|json)$/i, '')}${ending}`;

/** Only what is kept of a sidecar. */
export const layoutIn = ({ positions, folded, grouping }: Sidecar): KeptLayout => ({ positions, ...(folded === undefined ? {} : { folded }), ...(grouping === undefined ? {} : { grouping }) });

/** The layout as the text of its file; null where a person arranged nothing. */
export function printLayout({ positions, folded, grouping }: KeptLayout): string | null {
  if (Object.keys(positions).length === 0 && (folded ?? []).length === 0 && grouping === undefined) return null;
  return `${JSON.stringify({ podhopLayout: 1, positions, ...(folded === undefined ? {} : { folded }), ...(grouping === undefined ? {} : { grouping }) }, null, 1)}\n`;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isPlace = (value: unknown): value is { readonly x: number; readonly y: number } => isRecord(value) && Number.isFinite(value['x']) && Number.isFinite(value['y']);

/** Reads such a text. What it does not know it leaves out; null for anything that is no layout. */
export function parseLayout(text: string): KeptLayout | null {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(given) || given['podhopLayout'] !== 1) return null;
  const places = isRecord(given['positions']) ? Object.entries(given['positions']) : [];
  const positions = Object.fromEntries(places.flatMap(([id, place]) => (isPlace(place) ? [[id, { x: place.x, y: place.y }]] : [])));
  const folded = Array.isArray(given['folded']) ? given['folded'].filter((id): id is string => typeof id === 'string') : [];
  const { grouping } = given;
  return { positions, ...(folded.length === 0 ? {} : { folded }), ...(grouping === 'workload' || grouping === 'namespace' ? { grouping } : {}) };
}

/** The manifests among these documents, and the layout that lies beside them; null where none does. */
export function splitLayout(documents: readonly TextDocument[]): { readonly manifests: readonly TextDocument[]; readonly layout: KeptLayout | null } {
  const kept = documents.filter(({ name }) => isLayoutFile(name)).map(({ text }) => parseLayout(text));
  return { manifests: documents.filter(({ name }) => !isLayoutFile(name)), layout: kept.findLast((one) => one !== null) ?? null };
}
