import { printLayout } from '../../shared/api/layout-file.ts';
import { traceText } from '../inspect/trace-text.ts';
import { textsNow } from './texts-now.ts';
import { currentHost, useWorld } from './use-world.ts';

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    useWorld.getState().actions.fail('The clipboard could not be written to');
  }
}

/** Copies one piece of text. */
export const copyText = (text: string): Promise<void> => copy(text);

/** Copies the trace on stage, verdict first. */
export async function copyTrace(): Promise<void> {
  const { answer, timeline, branch } = useWorld.getState();
  if (answer !== null && timeline !== null) await copy(traceText(answer, branch, timeline));
}

/** Saves the manifests as they stand in the editor, and how the map is arranged in a file beside them; several files become one, separated as YAML separates documents. */
export async function saveManifests(): Promise<void> {
  const { opened, drafts, actions } = useWorld.getState();
  const documents = textsNow({ opened, drafts });
  if (opened === null || documents.length === 0) return;
  const one = documents.length === 1 ? documents[0]! : null;
  const text = one?.text ?? documents.map((document) => `# ${document.name}\n${document.text.trimEnd()}\n`).join('---\n');
  try {
    await currentHost().shell.saveFile({ suggested: one?.name.split('/').at(-1) ?? `${opened.title.replace(/[^\w.-]+/g, '-').toLowerCase()}.yaml`, text, layout: printLayout(opened.sidecar ?? { positions: {} }) });
  } catch (thrown) {
    actions.fail(thrown instanceof Error ? thrown.message : 'The file could not be saved');
  }
}
