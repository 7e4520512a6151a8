import { memo, type ReactNode } from 'react';
import { at, roundCorners, toPathData, type Point } from '../scene/geometry.ts';
import { subnetPlace } from '../scene/outside-words.ts';
import { cornerRadius } from '../scene/paths.ts';
import { doorPoint, outsideEdge } from '../scene/routing.ts';
import type { Row, Scene } from '../scene/scene.ts';
import { inSentence } from '../scene/words-of-things.ts';
import type { Touched } from '../scene/touched.ts';
import { layers } from './build-boxes.ts';

const wire = (points: readonly Point[]): string => toPathData(roundCorners(points, cornerRadius).curve.points);

/** The wires of one row: its track, the bridge's bar, a stub to every door. Pods that live in the node's own namespace have none. */
function rowWires(row: Row): readonly string[] {
  if (row.id === 'unscheduled') return [];
  const stubs = [...row.doors.filter((d) => !d.hostNetwork), ...row.bundles].map((door) => wire([at(row.bridge.x, doorPoint(door).y), doorPoint(door)]));
  const crowd = row.groups[0] === undefined ? [] : [wire([row.bridge, at(row.groups[0].x - 8, row.bridge.y)])];
  const folded = row.folded && row.more !== null ? [wire([row.bridge, at(row.more.rect.x + 4, row.bridge.y)])] : [];
  const bar = row.bar[1] > row.bar[0] ? [wire([at(row.bridge.x, row.bar[0]), at(row.bridge.x, row.bar[1])])] : [];
  return [wire([at(row.spine, row.track), row.bridge]), ...bar, ...crowd, ...folded, ...stubs];
}

function trunkWires(scene: Scene): readonly string[] {
  const { spines, outside, router, crossing, outsideLine } = scene;
  const first = spines[0];
  const joined = crossing === null || first === undefined ? [] : [wire([at(first.x, crossing), at(spines.at(-1)?.x ?? first.x, crossing)])];
  const ys = outside.map((o) => o.centre.y);
  const line = outside.length > 1 ? [wire([at(outsideLine, Math.min(...ys)), at(outsideLine, Math.max(...ys))])] : [];
  const uplink = router === null || first === undefined ? [] : [wire([at(outsideLine, router.at.y), at(first.x, router.at.y)])];
  return [
    ...spines.map((s) => wire([at(s.x, crossing ?? s.top), at(s.x, s.bottom)])),
    ...joined, ...line, ...uplink,
    ...outside.map((o) => wire([at(o.centre.x + outsideEdge, o.centre.y), at(o.id.startsWith('lb/') ? (first?.x ?? outsideLine) : outsideLine, o.centre.y)])),
  ];
}

function Sheet({ scene }: { readonly scene: Scene }): ReactNode {
  return scene.sheet?.spans.map(({ x, y, width, height }) => (
    <g key={x} className="sheet">
      <rect x={x} y={y} width={width} height={height} />
      <path d={`M${x} ${y}V${y + height}M${x + width} ${y}V${y + height}`} />
    </g>
  ));
}

/** A cable that is cut: the wire ends between two strokes. */
function Break({ at: { x, y }, inside }: { readonly at: Point; readonly inside: boolean }): ReactNode {
  return <g className="break" data-inside={inside ? '' : undefined}><path className="gap" d={`M${x - 4} ${y}h8`} /><path d={`M${x - 7} ${y + 7}l5 -14M${x + 2} ${y + 7}l5 -14`} /></g>;
}

/** What is broken in a row's wires: its own cable, those of its pods, and the routes that its kernel has lost. */
function RowBreaks({ row, bare }: { readonly row: Row; readonly bare: boolean }): ReactNode {
  return (
    <>
      {row.cut ? <Break at={at((row.spine + row.rect.x) / 2, row.track)} inside={false} /> : null}
      {row.doors.filter((door) => door.cut && !door.hostNetwork).map((door) => <Break key={door.id} at={at((row.bridge.x + door.rect.x) / 2 - 4, doorPoint(door).y)} inside />)}
      {row.lost === '' || bare ? null : <g className="lost"><path d={`M${row.uplink.x + 14} ${row.track + 14}l8 8m0 -8l-8 8`} /><text x={row.uplink.x + 28} y={row.track + 22}>{row.lost}</text></g>}
    </>
  );
}

function RowStations({ row, scene, lit }: { readonly row: Row; readonly scene: Scene; readonly lit: boolean }): ReactNode {
  const label = (p: Point, text: string, className: string, dx: number): ReactNode => (text === '' ? null : <text className={`mono detail ${className}`} x={p.x + dx} y={p.y - 9}>{text}</text>);
  // a card of a crowd and a folded row are a name and one track
  const bare = scene.density === 'cells' || row.folded;
  const stations = [row.uplink, ...(row.tunnel === null ? [] : [row.tunnel]), row.kernel, row.bridge];
  return (
    <g className="stations" data-lit={lit ? '' : undefined}>
      {stations.map((p) => <circle key={p.x} cx={p.x} cy={p.y} r={p === row.bridge ? 4 : 5} />)}
      {bare ? null : label(row.uplink, 'eth0', '', 12)}
      {row.tunnel === null || bare ? null : label(row.tunnel, scene.names.tunnel, 'middle', 4)}
      {bare ? null : label(row.bridge, scene.names.bridge, 'end', -9)}
      <RowBreaks row={row} bare={bare} />
    </g>
  );
}

function Cells({ row, shown, onCell }: Pick<StationProps, 'shown' | 'onCell'> & { readonly row: Row }): ReactNode {
  return row.groups.map((group) => (
    <g key={group.name} className="cells">
      <title>{`${group.name}: ${group.bar?.count ?? group.cells.length} pods`}</title>
      {group.bar === null ? null : <><rect className="bar" x={group.x} y={group.y} width={group.bar.width} height="6" rx="2" /><rect className="bar-ready" x={group.x} y={group.y} width={(group.bar.width * group.bar.ready) / group.bar.count} height="6" rx="2" /></>}
      {group.cells.map((cell) => <rect key={cell.id} x={cell.x} y={cell.y} width="10" height="10" rx="2.5" data-unready={cell.ready ? undefined : ''} data-off={shown?.has(cell.id) === false ? '' : undefined} onClick={() => onCell(cell.id)}><title>{cell.label}</title></rect>)}
    </g>
  ));
}

interface StationProps { readonly scene: Scene; readonly touched: Touched; /** What a filter leaves; null without one. */ readonly shown: ReadonlySet<string> | null; readonly onCell: (id: string) => void }

/** Everything that joins the boxes while nothing moves: tracks, bars, stubs, spines, the outside line, the Service's sheet. */
export const Wires = memo(function Wires({ scene, onStage }: { readonly scene: Scene; readonly onStage: boolean }): ReactNode {
  const first = scene.spines[0];
  return (
    <svg className="wires" width={scene.width} height={scene.height} style={{ zIndex: layers.wires }} aria-hidden="true">
      <Sheet scene={scene} />
      <g className="idle" data-off={onStage ? '' : undefined}>
        {[...trunkWires(scene), ...scene.rows.flatMap(rowWires)].map((d) => <path key={d} d={d} />)}
        {first === undefined || subnetPlace(scene) === null ? null : <path d={`M${first.x} ${first.bottom}V${scene.height - 26}`} strokeDasharray="2 4" />}
      </g>
    </svg>
  );
});

/** What stands on the wires, above every line: stations with their names, the crowd's cells, captions. */
export const Stations = memo(function Stations({ scene, touched, shown, onCell }: StationProps): ReactNode {
  const first = scene.spines[0];
  const subnet = subnetPlace(scene);
  return (
    <svg className="wires" width={scene.width} height={scene.height} style={{ zIndex: layers.stations }} aria-hidden="true">
      {scene.router === null ? null : (
        <g className="stations">
          <circle cx={scene.router.at.x} cy={scene.router.at.y} r="5" />
          <text className="detail middle" x={scene.router.at.x} y={scene.router.at.y - 11}>{scene.router.trouble === '' ? 'Router' : `Router: ${inSentence(scene.router.trouble)}`}</text>
        </g>
      )}
      {scene.rows.filter((row) => row.id !== 'unscheduled').map((row) => <RowStations key={row.id} row={row} scene={scene} lit={touched.places.has(row.id)} />)}
      {scene.rows.map((row) => <Cells key={row.id} row={row} shown={shown} onCell={onCell} />)}
      {scene.router === null || scene.router.trouble === '' || first === undefined ? null : <Break at={at((scene.router.at.x + first.x) / 2, scene.router.at.y)} inside={false} />}
      {scene.outside.filter((one) => one.cut).map((one) => <Break key={one.id} at={at((one.centre.x + outsideEdge + scene.outsideLine) / 2, one.centre.y)} inside={false} />)}
      {scene.outside.length > 0 ? <text className="caption" x={20} y={scene.low ? 33 : 43}>Outside</text> : null}
      {scene.paths[0] === undefined ? null : <text className="caption" x={(scene.rows[0]?.rect.x ?? 216) + 2} y={scene.paths[0].rect.y + 19}>Ingress</text>}
      {scene.capsules[0] === undefined ? null : <text className="caption" x={(scene.rows[0]?.rect.x ?? 216) + 2} y={Math.min(...scene.capsules.map(({ rect }) => rect.y)) + 21}>Services</text>}
      {scene.zones.map(({ name, x, y, nodes }) => <text key={name} className="zone" x={x} y={y}>{`${name}, ${nodes} ${nodes === 1 ? 'node' : 'nodes'}`}</text>)}
      {subnet === null ? null : <text className="mono detail end" x={subnet.x} y={subnet.y}>{scene.subnet}</text>}
    </svg>
  );
});
