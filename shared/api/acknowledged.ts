import type { Input } from './contract.ts';
import type { Opened } from './shapes.ts';

const changing: ReadonlySet<string> = new Set(['edit', 'undo', 'redo', 'restartFrom']);

/** Whether an answer to this method can bring other documents than those opened. */
export const mayChange = (method: string): boolean => changing.has(method);

/** What to open in a new engine after this answer, so that it stands where the old one stood; null where the answer changed nothing. */
export function acknowledgedBy(method: string, output: unknown): Input<'open'> | null {
  if (!mayChange(method) || typeof output !== 'object' || output === null) return null;
  const { opened } = output as { readonly opened?: Opened };
  return opened ? { documents: opened.documents, title: opened.title, ...(opened.sidecar ? { sidecar: opened.sidecar } : {}) } : null;
}
