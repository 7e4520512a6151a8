import type { Opened, TextDocument } from '../../shared/api/shapes.ts';
import { parseLayout, printLayout, type KeptLayout } from '../../shared/api/layout-file.ts';

const storage = 'podhop.layouts';
/** How many layouts are remembered; the one that was changed longest ago goes first. */
const most = 40;

/** By what is open: the same files under the same title are the same map. */
const keyOf = (title: string, documents: readonly TextDocument[]): string => [title, ...documents.map(({ name }) => name)].join('\n');

/** Key and text, the one changed last at the end. */
function stored(): readonly (readonly [string, string])[] {
  try {
    const given: unknown = JSON.parse(localStorage.getItem(storage) ?? '[]');
    return Array.isArray(given) ? given.filter((one): one is [string, string] => Array.isArray(one) && typeof one[0] === 'string' && typeof one[1] === 'string') : [];
  } catch {
    return [];
  }
}

/** How these files were arranged when they were last open in this window's storage; null where they were not. */
export function keptLayout(title: string, documents: readonly TextDocument[]): KeptLayout | null {
  const key = keyOf(title, documents);
  const found = stored().find(([one]) => one === key);
  return found === undefined ? null : parseLayout(found[1]);
}

/** Remembers how what is open is arranged, or forgets it where nothing is. */
export function keepLayout({ title, documents, sidecar }: Pick<Opened, 'title' | 'documents' | 'sidecar'>): void {
  const key = keyOf(title, documents);
  const text = printLayout(sidecar ?? { positions: {} });
  const before = stored();
  const others = before.filter(([one]) => one !== key);
  if (text === null && others.length === before.length) return;
  try {
    localStorage.setItem(storage, JSON.stringify([...others, ...(text === null ? [] : [[key, text]])].slice(-most)));
  } catch {
    // private windows and file:// have no storage; the layout is still in the file that is saved
  }
}
