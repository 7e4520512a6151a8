import { useEffect, useRef, type ReactNode } from 'react';
import type { Explained } from '../../shared/trace/types.ts';
import { labelOf } from '../scene/labels.ts';
import type { Moment, MomentKind, Timeline } from '../scene/types.ts';
import { colourOf, fateOf, type Hue } from '../theme/fate.ts';
import { Icon } from '../theme/Icon.tsx';
import type { IconName } from '../theme/icon-paths.ts';
import { printFraction } from '../../shared/base/fraction.ts';
import { Because } from './Because.tsx';
import { HeaderChange } from './HeaderChange.tsx';
import { PacketLayers } from './PacketLayers.tsx';
import { RuleText } from './RuleText.tsx';
import { PlaceName, TitleWords } from './TitleWords.tsx';

const icons: Readonly<Record<Exclude<MomentKind, 'fate'>, IconName>> = {
  originate: 'packet', enter: 'packet', bridge: 'wire', route: 'route', conntrack: 'file', rule: 'right', rewrite: 'nat', encap: 'encap', decap: 'encap', choice: 'maybe', deliver: 'packet', lookup: 'dns',
};

const hues: Readonly<Partial<Record<MomentKind, Hue>>> = { rewrite: 'nat', lookup: 'dns', choice: 'maybe' };

/** The icon and colour that a moment wears in the list. */
export function lookOf(moment: Moment, timeline: Timeline): { readonly icon: IconName; readonly hue: Hue } {
  if (moment.kind !== 'fate') return { icon: icons[moment.kind], hue: hues[moment.kind] ?? 'ink' };
  const fate = fateOf(timeline.verdict);
  return { icon: fate.icon, hue: fate.hue };
}

interface CurrentProps { readonly moment: Moment; readonly timeline: Timeline; readonly explained: Explained | undefined; readonly first: boolean; readonly follow: boolean }

/** The step the packet is at, raised: what changed, by which rule, and why that rule is there. */
export function CurrentStep({ moment, timeline, explained, first, follow }: CurrentProps): ReactNode {
  const { icon, hue } = lookOf(moment, timeline);
  const colour = colourOf(hue);
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (follow) item.current?.scrollIntoView?.({ block: 'nearest' });
  }, [follow, moment]);
  return (
    <li className="now" aria-current="step" ref={item} style={{ '--now': colour.line, '--now-ink': colour.ink, '--now-wash': colour.wash } as React.CSSProperties}>
      <h2>
        <Icon name={icon} />
        <span>{first && <><PlaceName name={labelOf(moment.netns)} /> </>}<TitleWords text={moment.title} /></span>
        <em>step {moment.index + 1} of {timeline.moments.length}</em>
      </h2>
      {moment.kind === 'fate' && timeline.sentence !== '' && <p className="sentence">{timeline.sentence}</p>}
      {moment.kind === 'fate' ? null : <HeaderChange packet={moment.packet} before={moment.before} />}
      {moment.odds !== undefined && <p className="why">Taken {printFraction(moment.odds)} of the time.</p>}
      {explained !== undefined && <RuleText text={explained.text} />}
      {explained !== undefined && <Because explained={explained} />}
      {moment.kind !== 'fate' && <PacketLayers timeline={timeline} at={moment.index} />}
    </li>
  );
}
