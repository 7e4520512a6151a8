import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { Cluster } from '../../../shared/model/types.ts';
import { useWorld } from '../../state/use-world.ts';
import { at } from '../../scene/geometry.ts';
import { Icon } from '../../theme/Icon.tsx';
import type { IconName } from '../../theme/icon-paths.ts';
import type { Size } from '../use-stage.ts';
import { useGesture, type OpenMenu } from './gesture-store.ts';
import { runThingCommand } from './run-thing-command.ts';
import { thingCommands } from './thing-commands.ts';

interface Item { readonly id: string; readonly title: string; readonly icon: IconName; readonly key?: string; readonly rule?: boolean; readonly run: () => void }

function itemsOf(menu: OpenMenu, cluster: Cluster): readonly Item[] {
  if (menu.kind === 'choices') {
    return menu.choices.map((choice, i) => ({ id: String(i), title: choice.title, icon: choice.edit.kind === 'deny' ? 'refuse' : choice.edit.kind === 'allow' ? 'policyok' : choice.edit.kind === 'expose' ? 'service' : 'wire', run: () => void useGesture.getState().carryOut(choice, menu.at, menu.about) }));
  }
  return thingCommands(cluster, menu.about, useWorld.getState().opened?.sidecar).map((command) => ({ ...command, run: () => runThingCommand(command, menu.about, menu.at) }));
}

const buttonsIn = (root: HTMLElement | null): readonly HTMLElement[] => [...(root?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];

/** Which item a key leads to; null for keys that lead to none. */
function nextOf(key: string, now: number, items: readonly Item[]): number | null {
  const n = items.length;
  if (key === 'ArrowDown') return (now + 1) % n;
  if (key === 'ArrowUp') return (now - 1 + n) % n;
  if (key === 'Home') return 0;
  if (key === 'End') return n - 1;
  const found = key.length === 1 && key !== ' ' ? items.findIndex((_, i) => items[(now + 1 + i) % n]?.title.toLowerCase().startsWith(key.toLowerCase())) : -1;
  return found < 0 ? null : (now + 1 + found) % n;
}

/** Gives the focus back to the thing the menu was about. */
function focusThing(id: string): void {
  [...document.querySelectorAll<HTMLElement>('.canvas [data-thing]')].find((e) => e.dataset['thing'] === id)?.focus({ preventScroll: true });
}

/** The menu of a thing, or of a question: arrows, Home, End and first letters; Esc closes and gives the focus back. */
function MenuBox({ menu, cluster, size }: { readonly menu: OpenMenu; readonly cluster: Cluster; readonly size: Size }): ReactNode {
  const root = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState(menu.at);
  const close = useGesture((g) => g.closeMenu);
  const items = itemsOf(menu, cluster);
  useLayoutEffect(() => {
    const { offsetWidth, offsetHeight } = root.current ?? { offsetWidth: 0, offsetHeight: 0 };
    setPlace(at(Math.max(8, Math.min(menu.at.x, size.width - offsetWidth - 8)), Math.max(8, Math.min(menu.at.y, size.height - offsetHeight - 8))));
    buttonsIn(root.current)[0]?.focus({ preventScroll: true });
  }, [menu, size]);
  useEffect(() => {
    const away = (event: Event): void => {
      if (root.current?.contains(event.target as Node) !== true) close();
    };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, [close]);
  const leave = (): void => {
    close();
    focusThing(menu.about);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      return leave();
    }
    const all = buttonsIn(root.current);
    const to = nextOf(event.key, all.indexOf(document.activeElement as HTMLElement), items);
    if (to === null) return;
    event.preventDefault();
    all[to]?.focus();
  };
  return (
    <div className="menu-list canvas-menu" role="menu" tabIndex={-1} aria-label={menu.label} ref={root} style={{ left: place.x, top: place.y }} onKeyDown={onKeyDown}>
      <p className="menu-title" aria-hidden="true">{menu.label}</p>
      {items.map((item) => (
        <button key={item.id} type="button" role="menuitem" tabIndex={-1} className={item.rule === true ? 'ruled' : ''} onClick={() => { leave(); item.run(); }}>
          <Icon name={item.icon} />{item.title}{item.key === undefined ? null : <kbd>{item.key}</kbd>}
        </button>
      ))}
    </div>
  );
}

/** Whatever menu is open on the canvas. */
export function CanvasMenu({ size }: { readonly size: Size }): ReactNode {
  const menu = useGesture((g) => g.menu);
  const cluster = useWorld((w) => w.opened?.cluster ?? null);
  return menu === null || cluster === null ? null : <MenuBox key={`${menu.about} ${menu.label}`} menu={menu} cluster={cluster} size={size} />;
}
