import { useState, type ReactNode } from 'react';
import { useLayout } from '../state/layout.ts';
import { offerDocuments } from '../state/opening.ts';
import { Modal } from './Modal.tsx';
import { pastedText } from './pasted-text.ts';

/** A field to paste manifests into, for who has no file. */
export function PasteDialog(): ReactNode {
  const [text, setText] = useState('');
  const change = useLayout((layout) => layout.change);
  const close = (): void => change({ dialog: null });
  const open = (): void => {
    close();
    void offerDocuments({ documents: [{ name: 'pasted.yaml', text: pastedText(text) }], title: 'Pasted manifests' });
  };
  return (
    <Modal label="Paste manifests" close={close} className="paste">
      <h1>Paste manifests</h1>
      <textarea data-first aria-label="Manifests as YAML or JSON" spellCheck={false} value={text} onChange={(event) => setText(event.target.value)} placeholder={'apiVersion: v1\nkind: Service\nmetadata:\n  name: api'} />
      <div className="modal-end">
        <button type="button" className="plain" onClick={close}>Cancel</button>
        <button type="button" className="primary" disabled={text.trim() === ''} onClick={open}>Read</button>
      </div>
    </Modal>
  );
}
