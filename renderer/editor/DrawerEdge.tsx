import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import { usePreferences } from '../state/preferences.ts';

const bounds = { low: 120, high: 700, step: 24 } as const;

/** The drawer's upper edge: drag it, or use the arrow keys. */
export function DrawerEdge(): ReactNode {
  const { drawerHeight, change } = usePreferences();
  const set = (height: number): void => change({ drawerHeight: Math.round(Math.max(bounds.low, Math.min(bounds.high, window.innerHeight * 0.7, height))) });
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowUp' ? bounds.step : event.key === 'ArrowDown' ? -bounds.step : 0;
    if (by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    set(drawerHeight + by);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.buttons === 1) set(drawerHeight - event.movementY);
  };
  return (
    <div
      className="drawer-edge"
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an <hr> cannot be moved
      role="separator"
      tabIndex={0}
      aria-orientation="horizontal"
      aria-label="Height of the manifests"
      aria-valuemin={bounds.low}
      aria-valuemax={bounds.high}
      aria-valuenow={drawerHeight}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
    />
  );
}
