import type { ReactNode } from 'react';
import { Icon } from '../theme/Icon.tsx';
import { canvasView } from './canvas-view.ts';

/** What the wheel and the keys +, − and 0 do, for a pointer alone. */
export function ZoomControls(): ReactNode {
  return (
    <div className="zoom-controls" role="toolbar" aria-label="View">
      <button type="button" aria-label="Zoom out" onClick={canvasView.zoomOut}><Icon name="minus" /></button>
      <button type="button" aria-label="Zoom in" onClick={canvasView.zoomIn}><Icon name="plus" /></button>
      <button type="button" aria-label="Show all" onClick={canvasView.fit}><Icon name="fit" /></button>
    </div>
  );
}
