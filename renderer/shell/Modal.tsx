import { useEffect, useLayoutEffect, useRef, type ReactNode } from 'react';
import { keepFocus } from './use-kept-focus.ts';

/** A native modal dialog: the focus stays inside, Esc closes, a click beside it closes. */
export function Modal({ label, close, className = '', children }: { readonly label: string; readonly close: () => void; readonly className?: string; readonly children: ReactNode }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  // closed while it is still in the page: only then does the browser give the focus back to where it was
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    // jsdom knows the element but not its methods
    if (typeof element.showModal === 'function') {
      if (!element.open) element.showModal();
      element.querySelector<HTMLElement>('[data-first]')?.focus();
    } else element.setAttribute('open', '');
    return () => {
      if (typeof element.close === 'function') element.close();
      keepFocus();
    };
  }, []);
  useEffect(() => {
    const element = dialog.current;
    const onClick = (event: MouseEvent): void => {
      if (event.target === element) close();
    };
    element?.addEventListener('click', onClick);
    return () => element?.removeEventListener('click', onClick);
  }, [close]);
  return (
    <dialog
      ref={dialog}
      className={`modal ${className}`}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      <div className="modal-in">{children}</div>
    </dialog>
  );
}
