import type { TextDocument } from '../../api/shapes.ts';
import { createSandbox, type Sandbox } from '../create-sandbox.ts';

/** A new sandbox in which these documents are open; a text alone is `a.yaml`. What the reader complains of is in `sandbox.world()`. */
export async function openDocuments(documents: string | readonly TextDocument[], title = ''): Promise<Sandbox> {
  const sandbox = createSandbox();
  await sandbox.open({ documents: typeof documents === 'string' ? [{ name: 'a.yaml', text: documents }] : documents, title });
  return sandbox;
}
