import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

export interface Choice {
  /** What choosing it gives; unique in the list. */
  readonly value: string;
  readonly group: string;
  readonly icon: ReactNode;
  readonly name: string;
  readonly note: string;
  /** Mono, at the right end. */
  readonly detail: string;
}

interface ComboboxProps {
  readonly label: string;
  /** What the field shows while nobody types. */
  readonly shown: string;
  readonly placeholder: string;
  /** The value in force: where the list starts. */
  readonly value: string;
  /** The choices that fit what was typed; '' is everything. */
  readonly find: (typed: string) => readonly Choice[];
  readonly choose: (value: string) => void;
  readonly onFocus?: () => void;
  readonly className?: string;
  readonly inputId?: string;
}

const shownAtOnce = 60;

function Option({ id, choice, active, point, take }: { readonly id: string; readonly choice: Choice; readonly active: boolean; readonly point: () => void; readonly take: () => void }): ReactNode {
  return (
    // the keys are the field's: the focus never comes here (aria-activedescendant)
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role, jsx-a11y/click-events-have-key-events -- no native list completes a field with icons and columns
    <div id={id} role="option" tabIndex={-1} aria-selected={active} className="combo-option" onPointerDown={(event) => event.preventDefault()} onPointerMove={point} onClick={take}>
      {choice.icon}
      <span className="name">{choice.name}</span>
      <span className="note">{choice.note}</span>
      <code>{choice.detail}</code>
    </div>
  );
}

/** A text field with completion (WAI-ARIA combobox, list autocomplete): typing filters, arrows move, Enter takes, Esc leaves it as it was. */
export function Combobox({ label, shown, value, placeholder, find, choose, onFocus, className = '', inputId }: ComboboxProps): ReactNode {
  const [typed, setTyped] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const found = open ? find(typed ?? '') : [];
  const choices = found.slice(0, shownAtOnce);
  const at = Math.min(active, choices.length - 1);
  useLayoutEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView?.({ block: 'nearest' });
  }, [at, open]);
  const close = (): void => {
    setOpen(false);
    setTyped(null);
    setActive(0);
  };
  const take = (value: string): void => {
    close();
    choose(value);
  };
  const start = (): void => {
    setOpen(true);
    setActive(Math.max(0, find('').slice(0, shownAtOnce).findIndex((choice) => choice.value === value)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      if (open) event.stopPropagation();
      close();
      return;
    }
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && open) {
      event.preventDefault();
      const choice = choices[at];
      if (choice !== undefined) take(choice.value);
      return;
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    if (!open) return start();
    setActive((at + (event.key === 'ArrowDown' ? 1 : -1) + choices.length) % Math.max(1, choices.length));
  };
  return (
    <div className={`combo ${className}`}>
      <input
        ref={input}
        id={inputId}
        role="combobox"
        aria-label={label}
        aria-expanded={open}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={open && choices[at] !== undefined ? `${id}-${at}` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        size={Math.max(3, (typed ?? shown).length)}
        value={typed ?? shown}
        onChange={(event) => {
          setTyped(event.target.value);
          setOpen(true);
          setActive(0);
        }}
        onFocus={(event) => {
          event.target.select();
          onFocus?.();
        }}
        onClick={() => !open && start()}
        onBlur={() => {
          // what was typed counts when the person tabs on, if it names something
          const choice = typed === null || typed.trim() === '' ? undefined : choices[at];
          if (choice !== undefined) take(choice.value);
          else close();
        }}
        onKeyDown={onKeyDown}
      />
      {open && (
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- see Option
        <div className="combo-list" id={id} role="listbox" aria-label={label} ref={list}>
          {choices.map((choice, i) => (
            <div key={choice.value} role="presentation">
              {choice.group !== choices[i - 1]?.group && <div className="combo-group" role="presentation">{choice.group}</div>}
              <Option id={`${id}-${i}`} choice={choice} active={i === at} point={() => setActive(i)} take={() => take(choice.value)} />
            </div>
          ))}
          {choices.length === 0 && <div className="combo-none">Nothing by that name</div>}
          {found.length > choices.length && <div className="combo-none">{found.length - choices.length} more: type to narrow down</div>}
        </div>
      )}
    </div>
  );
}
