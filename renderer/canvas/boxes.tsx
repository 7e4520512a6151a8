import type { Node, NodeProps } from '@xyflow/react';
import { memo, useContext, type ReactNode } from 'react';
import { colourOf, fateOf, type FateName } from '../theme/fate.ts';
import { Icon } from '../theme/Icon.tsx';
import type { Bundle, Capsule, Door, More, Outside, PathChip, Row } from '../scene/scene.ts';
import { markData, type Mark } from './marks.ts';
import { TabStop } from './use-roving-focus.ts';

export type RowBox = Node<{ readonly row: Row; readonly target: Mark['target'] }, 'row'>;
export type NameBox = Node<{ readonly row: Row; readonly mark: Mark }, 'name'>;
export type DoorBox = Node<{ readonly door: Door; readonly mark: Mark; readonly fate: FateName | null; readonly wide: boolean }, 'door'>;
export type CapsuleBox = Node<{ readonly capsule: Capsule; readonly mark: Mark }, 'capsule'>;
export type OutsideBox = Node<{ readonly outside: Outside; readonly mark: Mark; readonly fate: FateName | null }, 'outside'>;
export type MoreBox = Node<{ readonly more: Pick<More, 'count' | 'folds'>; readonly unfold: string; readonly what: string }, 'more'>;
export type BundleBox = Node<{ readonly bundle: Bundle; readonly mark: Mark }, 'bundle'>;
export type PathBox = Node<{ readonly path: PathChip; readonly mark: Mark }, 'path'>;
export type Box = BundleBox | PathBox | RowBox | NameBox | DoorBox | CapsuleBox | OutsideBox | MoreBox;

/** Things share one tab stop: the canvas moves the focus among them (use-roving-focus.ts). */
function useThing(id: string, label: string): { readonly 'data-thing': string; readonly 'aria-label': string; readonly tabIndex: 0 | -1; readonly type: 'button' } {
  return { 'data-thing': id, 'aria-label': label, tabIndex: useContext(TabStop) === id ? 0 : -1, type: 'button' };
}

/** What was chosen for the request, said on the thing itself. */
function Chosen({ mark }: { readonly mark: Mark }): ReactNode {
  if (mark.chosen === null || mark.lit) return null;
  return <span className="chosen">{mark.chosen === 'source' ? 'From' : 'To'}</span>;
}

const RowNode = memo(function RowNode({ data: { row, target } }: NodeProps<RowBox>): ReactNode {
  return <div className="row-box" data-homeless={row.id === 'unscheduled' ? '' : undefined} data-stopped={row.ready || row.id === 'unscheduled' ? undefined : ''} data-target={target ?? undefined} />;
});

/** A row's name is a box of its own, because it stands above the Service's sheet and the row below it. */
const NameNode = memo(function NameNode({ data: { row, mark } }: NodeProps<NameBox>): ReactNode {
  const named = useThing(row.id, row.label);
  if (row.id === 'unscheduled') return <span className="row-name"><b>{row.name}</b></span>;
  return (
    <button className="row-name nopan" title={row.trouble === '' ? undefined : row.label} {...named} {...markData(mark)}>
      <Icon name="node" />
      <b>{row.name}</b>
      <span className="mono sub">{row.address}</span>
      {row.trouble === '' ? null : <span className="sub trouble">{row.trouble}</span>}
      <Chosen mark={mark} />
    </button>
  );
});

/** A fate said by the thing where it happened. */
function Fated({ fate }: { readonly fate: FateName }): ReactNode {
  const { icon, word, hue } = fateOf(fate);
  return (
    <span className="door-status fated-word" style={{ color: colourOf(hue).ink }}>
      <Icon name={icon} />
      {word}
    </span>
  );
}

const DoorNode = memo(function DoorNode({ data: { door, mark, fate, wide } }: NodeProps<DoorBox>): ReactNode {
  return (
    <button className="door nopan" title={`${door.name}${door.suffix}`} {...useThing(door.id, door.label)} {...markData(mark)} data-two={door.twoLines ? '' : undefined} data-unready={door.ready || door.status === 'Completed' ? undefined : ''} data-trouble={door.status === 'Ready' || door.status === 'Completed' ? undefined : ''} data-shield={door.shield ? '' : undefined} data-fated={fate === null ? undefined : ''} data-narrow={wide ? undefined : ''}>
      {door.shield ? <span className="shield"><Icon name="policy" /></span> : null}
      <Icon name={door.icon} />
      <span className="door-name"><b>{door.name}</b><i>{door.suffix}</i><Chosen mark={mark} /></span>
      <span className="door-address mono">{door.address === '' ? 'no address' : door.address}</span>
      {fate !== null ? <Fated fate={fate} /> : wide || !door.ready || door.cut ? <span className="door-status">{door.status}</span> : null}
    </button>
  );
});

/** Several pods drawn as one: its ready share is filled. */
const BundleNode = memo(function BundleNode({ data: { bundle, mark } }: NodeProps<BundleBox>): ReactNode {
  const { name, count, ready, rect, label } = bundle;
  return (
    <button className="door bundle nopan" {...useThing(bundle.id, label)} {...markData(mark)} data-unfold={bundle.id} data-two={rect.height >= 40 ? '' : undefined} data-unready={ready === 0 ? '' : undefined}>
      <Icon name="pod" />
      <span className="door-name"><b>{name}</b></span>
      <span className="door-address">{count} pods</span>
      <span className="door-status">{ready === count ? 'All ready' : `${ready} of ${count} ready`}</span>
      <svg className="share" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="4" /><rect className="ready" width={(100 * ready) / count} height="4" /></svg>
    </button>
  );
});

const PathNode = memo(function PathNode({ data: { path, mark } }: NodeProps<PathBox>): ReactNode {
  return (
    <button className="path-chip nopan" {...useThing(path.id, path.label)} {...markData(mark)} title={path.label}>
      <Icon name="ingress" />
      <span className="mono">{path.words}</span>
      <Icon name="arrow" />
      <b>{path.to}</b>
    </button>
  );
});

const CapsuleNode = memo(function CapsuleNode({ data: { capsule, mark } }: NodeProps<CapsuleBox>): ReactNode {
  const { width: w, height: h } = capsule.rect;
  return (
    <button className="capsule nopan" title={capsule.label} {...useThing(capsule.id, capsule.label)} {...markData(mark)}>
      <svg viewBox={`0 0 ${w} ${h}`} aria-hidden="true"><path d={`M10 .5H${w - 10}L${w - 0.5} ${h / 2}L${w - 10} ${h - 0.5}H10L.5 ${h / 2}Z`} /></svg>
      <b>{capsule.name}</b>
      <span className="mono">{capsule.address}</span>
      <Chosen mark={mark} />
    </button>
  );
});

const OutsideNode = memo(function OutsideNode({ data: { outside, mark, fate } }: NodeProps<OutsideBox>): ReactNode {
  return (
    <button className="outside nopan" {...useThing(outside.id, outside.label)} {...markData(mark)}>
      <Icon name={outside.icon} />
      <span>{outside.name}</span>
      {fate === null ? outside.trouble === '' ? <span className="mono sub">{outside.address}</span> : <span className="sub trouble">{outside.trouble}</span> : <Fated fate={fate} />}
      <Chosen mark={mark} />
    </button>
  );
});

const MoreNode = memo(function MoreNode({ data: { more, unfold, what } }: NodeProps<MoreBox>): ReactNode {
  return (
    <button className="more" type="button" tabIndex={-1} data-unfold={unfold} aria-expanded={more.folds} aria-label={more.folds ? `Show fewer ${what}` : `Show ${more.count} more ${what}`}>
      {more.folds ? 'Show fewer' : `+${more.count} more`}
    </button>
  );
});

/** The drawing of each kind of box. */
export const boxTypes = { row: RowNode, name: NameNode, door: DoorNode, bundle: BundleNode, path: PathNode, capsule: CapsuleNode, outside: OutsideNode, more: MoreNode };
