import type { KeyboardEvent, ReactNode } from 'react';
import { canvasView } from '../canvas/canvas-view.ts';
import { runCommand } from '../state/commands.ts';
import { matchingThings } from '../state/filter.ts';
import { useLayout } from '../state/layout.ts';
import { groupings, groupPods } from '../state/map-commands.ts';
import { useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';
import { Menu, type MenuItem } from './Menu.tsx';

function onFilterKey(event: KeyboardEvent): void {
  if (event.key !== 'Escape' && event.key !== 'Enter') return;
  event.preventDefault();
  event.stopPropagation();
  if (event.key === 'Escape') useLayout.getState().change({ filter: '', filtering: false });
  canvasView.focus();
}

/** What the map and the outline are narrowed to: names, addresses, label selectors, `ns:`, `kind:`, `node:`. */
function Filter(): ReactNode {
  const { filter, filtering, change } = useLayout();
  const cluster = useWorld((world) => world.opened?.cluster ?? null);
  const matching = matchingThings(cluster, filter);
  if (!filtering && filter === '') return <button type="button" className="ib small" aria-label="Filter the map" title="Filter the map" onClick={() => runCommand('filter')}><Icon name="filter" /></button>;
  return (
    <span className="map-filter">
      <Icon name="filter" />
      <input id="map-filter" type="text" spellCheck={false} autoComplete="off" aria-label="Filter the map and the outline" placeholder="app=web,tier!=db ns:shop kind:service" value={filter} onChange={(event) => change({ filter: event.target.value })} onKeyDown={onFilterKey} />
      <output>{matching === null ? '' : `${matching.ids.size} of ${matching.of}`}</output>
      <button type="button" className="ib small" aria-label="Show everything again" title="Show everything again" onClick={() => change({ filter: '', filtering: false })}><Icon name="close" /></button>
    </span>
  );
}

/** What the map shows: all of it or what a filter leaves, pod by pod or in groups, or only the request’s path. */
export function MapTools(): ReactNode {
  const by = useWorld((world) => world.opened?.sidecar?.grouping ?? 'none');
  const focused = useLayout((layout) => layout.focused);
  const items = [
    ...groupings.map(([value, text]): MenuItem => ({ id: value, text, label: <span>{text}</span>, checked: by === value, run: () => groupPods(value) })),
    { id: 'tidy', text: 'Tidy up the map', label: <span>Tidy up the map</span>, rule: true, run: () => void runCommand('tidy-layout') },
  ];
  return (
    <fieldset className="map-tools" aria-label="What the map shows">
      <Filter />
      <Menu label="Group pods" className="ib small" align="end" up button={<Icon name="outline" />} items={items} />
      <button type="button" className="ib small" aria-label="Focus on the request" title="Focus on the request (F)" aria-pressed={focused} onClick={() => runCommand('focus-path')}><Icon name="focus" /></button>
    </fieldset>
  );
}
