import { useEffect, useState, type ReactNode } from 'react';
import { filesOfDrop } from '../host/dropped-files.ts';
import { readFiles, titleOf } from '../host/read-files.ts';
import { isTyping } from './is-typing.ts';
import { offerDocuments } from '../state/opening.ts';
import { Icon } from '../theme/Icon.tsx';
import { pastedText } from './pasted-text.ts';

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

async function takeDrop(transfer: DataTransfer): Promise<void> {
  const files = await filesOfDrop(transfer);
  const { documents, skipped } = await readFiles(files);
  await offerDocuments({ documents, skipped, title: titleOf(files.map(({ name }) => name)) });
}

async function takePaste(transfer: DataTransfer): Promise<void> {
  if (transfer.files.length > 0) return takeDrop(transfer);
  const text = transfer.getData('text/plain');
  if (text.trim() !== '') await offerDocuments({ documents: [{ name: 'pasted.yaml', text: pastedText(text) }], title: 'Pasted manifests' });
}

/** Takes manifests that are dropped anywhere on the window or pasted outside a text field. */
export function DropTarget(): ReactNode {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const onOver = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      if (event.dataTransfer === null || !carriesFiles(event)) return;
      event.preventDefault();
      setOver(false);
      void takeDrop(event.dataTransfer);
    };
    const onPaste = (event: ClipboardEvent): void => {
      if (event.clipboardData === null || isTyping(event)) return;
      event.preventDefault();
      void takePaste(event.clipboardData);
    };
    const leave = new AbortController();
    const { signal } = leave;
    window.addEventListener('dragover', onOver, { signal });
    window.addEventListener('dragleave', onLeave, { signal });
    window.addEventListener('drop', onDrop, { signal });
    document.addEventListener('paste', onPaste, { signal });
    return () => leave.abort();
  }, []);
  if (!over) return null;
  return <div className="drop-over"><p><Icon name="file" />Drop manifests to open them</p></div>;
}
