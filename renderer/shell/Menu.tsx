import { useCallback, useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode, type RefObject } from 'react';

export interface MenuItem {
  readonly id: string;
  readonly label: ReactNode;
  /** What typing its first letters finds, where the label is more than text. */
  readonly text: string;
  readonly run: () => void;
  readonly checked?: boolean;
  readonly disabled?: boolean;
  /** A line above it. */
  readonly rule?: boolean;
}

interface MenuProps {
  readonly label: string;
  readonly button: ReactNode;
  readonly items: readonly MenuItem[];
  readonly className?: string;
  readonly align?: 'start' | 'end';
  /** Opens upwards, for buttons at the window's lower edge. */
  readonly up?: boolean;
}

function nextIndex(key: string, at: number, items: readonly MenuItem[]): number | null {
  const n = items.length;
  const skip = (from: number, by: number): number => {
    for (let i = 1; i <= n; i++) {
      const to = (from + by * i + n * i) % n;
      if (items[to]?.disabled !== true) return to;
    }
    return from;
  };
  if (key === 'ArrowDown') return skip(at, 1);
  if (key === 'ArrowUp') return skip(at, -1);
  if (key === 'Home') return skip(-1, 1);
  if (key === 'End') return skip(n, -1);
  const found = key.length === 1 && key !== ' ' ? items.findIndex((item, i) => i !== at && item.text.toLowerCase().startsWith(key.toLowerCase())) : -1;
  return found < 0 ? null : found;
}

interface MenuListProps { readonly id: string; readonly label: string; readonly items: readonly MenuItem[]; readonly className: string; readonly close: () => void }

function MenuList({ id, label, items, className, close }: MenuListProps): ReactNode {
  const take = (item: MenuItem): void => {
    if (item.disabled === true) return;
    close();
    item.run();
  };
  return (
    <div className={className} role="menu" id={id} aria-label={label}>
      {items.map((item) => (
        <button
          key={item.id}
          type="button"
          tabIndex={-1}
          className={item.rule === true ? 'ruled' : ''}
          role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
          aria-checked={item.checked}
          aria-disabled={item.disabled}
          onClick={() => take(item)}
        >
          {item.label}
        </button>
      ))}
    </div>
  );
}

const itemsIn = (root: HTMLElement | null): readonly HTMLElement[] => [...(root?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])];

/** Takes the focus into an open menu, to its chosen item, and closes it on a press elsewhere. */
function useOpenMenu(root: RefObject<HTMLDivElement | null>, open: boolean, close: () => void): void {
  useEffect(() => {
    if (!open) return;
    const all = itemsIn(root.current);
    (all.find((item) => item.ariaChecked === 'true') ?? all[0])?.focus();
    const away = (event: Event): void => {
      if (root.current?.contains(event.target as Node) !== true) close();
    };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, [root, open, close]);
}

/** A button with a menu (WAI-ARIA menu button): arrows, Home, End, first letters; Esc closes and gives the focus back. */
export function Menu({ label, button, items, className = 'ib', align = 'start', up = false }: MenuProps): ReactNode {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  const shut = useCallback(() => setOpen(false), []);
  useOpenMenu(root, open, shut);
  const close = (): void => {
    setOpen(false);
    root.current?.querySelector('button')?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!open) {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
      event.preventDefault();
      return setOpen(true);
    }
    if (event.key === 'Tab') return setOpen(false);
    event.stopPropagation();
    if (event.key === 'Escape') return close();
    const all = itemsIn(root.current);
    const to = nextIndex(event.key, all.indexOf(document.activeElement as HTMLElement), items);
    if (to === null) return;
    event.preventDefault();
    all[to]?.focus();
  };
  return (
    <div className="menu" ref={root} onKeyDown={onKeyDown} role="presentation">
      <button type="button" className={className} aria-haspopup="menu" aria-expanded={open} aria-controls={open ? id : undefined} aria-label={label} title={label} onClick={() => setOpen(!open)}>
        {button}
      </button>
      {open && <MenuList id={id} label={label} items={items} className={`menu-list ${align} ${up ? 'up' : ''}`} close={close} />}
    </div>
  );
}
