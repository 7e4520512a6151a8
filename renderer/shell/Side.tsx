import type { ReactNode } from 'react';
import { useLayout } from '../state/layout.ts';
import { useWorld } from '../state/use-world.ts';
import { allProblems } from '../state/problems.ts';
import { Icon } from '../theme/Icon.tsx';
import { AddBlock } from './AddBlock.tsx';
import { Outline } from './Outline.tsx';

function NotSimulated(): ReactNode {
  const others = useWorld((world) => world.opened?.cluster.notSimulated.length ?? 0);
  if (others === 0) return null;
  return <dl className="side-more"><div><dt><Icon name="file" />Not simulated</dt><dd>{others}</dd></div></dl>;
}

function ProblemsButton(): ReactNode {
  const count = useWorld((world) => allProblems(world).length);
  const change = useLayout((layout) => layout.change);
  if (count === 0) return null;
  return (
    <button type="button" className="side-problems" onClick={() => change({ drawerOpen: true, panel: 'manifests', outlineOpen: false })}>
      <Icon name="warning" />
      <span>{count === 1 ? '1 problem' : `${count} problems`}</span>
    </button>
  );
}

function Rail(): ReactNode {
  const cluster = useWorld((world) => world.opened?.cluster ?? null);
  const open = useLayout((layout) => layout.outlineOpen);
  const change = useLayout((layout) => layout.change);
  const show = (): void => change({ outlineOpen: !open });
  return (
    <div className="rail">
      <button type="button" aria-expanded={open} aria-controls="outline" onClick={show} aria-label="Outline of the cluster"><Icon name="outline" /><span>Outline</span></button>
      {cluster?.nodes.slice(0, 8).map(({ name }) => (
        <button key={name} type="button" tabIndex={-1} onClick={show} aria-hidden="true"><Icon name="node" /><span>{name}</span></button>
      ))}
    </div>
  );
}

/** The left column: the outline; a rail that opens it over the map where the window is narrow. */
export function Side(): ReactNode {
  const open = useLayout((layout) => layout.outlineOpen);
  return (
    <nav className={`side ${open ? 'open' : ''}`} aria-label="Outline">
      <Rail />
      <div className="side-full" id="outline">
        <h2>Cluster</h2>
        <Outline />
        <div className="side-foot">
          <NotSimulated />
          <ProblemsButton />
        </div>
        <AddBlock />
      </div>
    </nav>
  );
}
