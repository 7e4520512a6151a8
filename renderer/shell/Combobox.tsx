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
  /** `leaving`: the person was already on the way to something else. */
  readonly choose: (value: string, leaving: boolean) => void;
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

interface Completion {
  readonly typed: string | null;
  readonly open: boolean;
  /** Which of the choices is pointed at; -1 = none. */
  readonly at: number;
  readonly choices: readonly Choice[];
  /** How many more there are than are shown. */
  readonly more: number;
  readonly start: () => void;
  readonly close: () => void;
  readonly type: (text: string) => void;
  readonly point: (index: number) => void;
}

/** What is typed, what fits it, and which choice is pointed at. */
function useCompletion({ find, value }: Pick<ComboboxProps, 'find' | 'value'>): Completion {
  const [typed, setTyped] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const found = open ? find(typed ?? '') : [];
  const choices = found.slice(0, shownAtOnce);
  const set = (nextOpen: boolean, nextTyped: string | null, nextActive: number): void => {
    setOpen(nextOpen);
    setTyped(nextTyped);
    setActive(nextActive);
  };
  return {
    typed,
    open,
    at: Math.min(active, choices.length - 1),
    choices,
    more: found.length - choices.length,
    // a value that is no choice (a URL) points at none, so that Enter does not put another in its place
    start: () => set(true, null, find('').slice(0, shownAtOnce).findIndex((choice) => choice.value === value)),
    close: () => set(false, null, 0),
    type: (text) => set(true, text, 0),
    point: setActive,
  };
}

function ChoiceList({ id, label, completion, take }: { readonly id: string; readonly label: string; readonly completion: Completion; readonly take: (value: string) => void }): ReactNode {
  const list = useRef<HTMLDivElement>(null);
  const { choices, at, more, point } = completion;
  useLayoutEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView?.({ block: 'nearest' });
  }, [at]);
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- see Option
    <div className="combo-list" id={id} role="listbox" aria-label={label} ref={list}>
      {choices.map((choice, i) => (
        <div key={choice.value} role="presentation">
          {choice.group !== choices[i - 1]?.group && <div className="combo-group" role="presentation">{choice.group}</div>}
          <Option id={`${id}-${i}`} choice={choice} active={i === at} point={() => point(i)} take={() => take(choice.value)} />
        </div>
      ))}
      {choices.length === 0 && <div className="combo-none">Nothing by that name</div>}
      {more > 0 && <div className="combo-none">{more} more: type to narrow down</div>}
    </div>
  );
}

/** What a key does in the field; answers whether it was for the list alone. */
function onFieldKey(event: KeyboardEvent, { open, typed, at, choices, start, close, point }: Completion, take: (value: string, leaving?: boolean) => void): boolean {
  if (event.key === 'Escape') {
    if (open) event.stopPropagation();
    close();
    return false;
  }
  if (event.key === 'Enter' && open) {
    const sending = event.ctrlKey || event.metaKey;
    // an open list of which nothing was typed is no wish to change anything
    const choice = sending && typed === null ? undefined : choices[at];
    if (choice !== undefined) take(choice.value, sending);
    else if (sending || typed === null) close();
    return !sending;
  }
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return false;
  const next = event.key === 'ArrowDown' ? at + 1 : Math.max(at, 0) - 1;
  if (open) point((next + choices.length) % Math.max(1, choices.length));
  else start();
  return true;
}

/** A text field with completion (WAI-ARIA combobox, list autocomplete): typing filters, arrows move, Enter takes, Esc leaves it as it was. */
export function Combobox({ label, shown, value, placeholder, find, choose, className = '', inputId }: ComboboxProps): ReactNode {
  const id = useId();
  const completion = useCompletion({ find, value });
  const { typed, open, at, choices, start, close, type } = completion;
  const take = (chosen: string, leaving = false): void => {
    close();
    choose(chosen, leaving);
  };
  const onBlur = (): void => {
    // what was typed counts when the person goes on, if it names something
    const choice = typed === null || typed.trim() === '' ? undefined : choices[at];
    if (choice === undefined) close();
    else take(choice.value, true);
  };
  return (
    <div className={`combo ${className}`}>
      <input
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
        onChange={(event) => type(event.target.value)}
        onFocus={(event) => event.target.select()}
        onClick={() => !open && start()}
        onBlur={onBlur}
        onKeyDown={(event) => onFieldKey(event, completion, take) && event.preventDefault()}
      />
      {open && <ChoiceList id={id} label={label} completion={completion} take={take} />}
    </div>
  );
}
