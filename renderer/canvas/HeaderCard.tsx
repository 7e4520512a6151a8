import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { cardWidth, headerAt, placeCard, type HeaderCard as Header, type HeaderLine } from '../scene/header-card.ts';
import { usePlayback } from '../playback/playback.ts';
import type { Scene } from '../scene/scene.ts';
import { Icon } from '../theme/Icon.tsx';
import type { IconName } from '../theme/icon-paths.ts';
import { layers } from './build-boxes.ts';
import type { Act } from './use-stage.ts';

const icons: Readonly<Record<'new' | 'rewritten' | 'wrapped', IconName>> = { new: 'packet', rewritten: 'nat', wrapped: 'encap' };

function End({ line }: { readonly line: HeaderLine }): ReactNode {
  return (
    <>
      <i>{line.key}</i>
      {line.was === null ? <span className={line.key === 'adds' ? 'words lit' : line.key === 'asks' ? 'words' : undefined}>{line.now}</span> : <><s>{line.was}</s><i aria-hidden="true" /><span className="lit">{line.now}</span></>}
    </>
  );
}

/** What the card says, whatever holds it. */
function Words({ header }: { readonly header: Header }): ReactNode {
  return (
    <>
      <div className="cap"><Icon name={icons[header.kind]} />{header.title}<em>{header.about}</em></div>
      <div className="hd" key={header.changed}>
        {header.outer === null ? null : <><i>{header.outer.kind}</i><span className="outer">{header.outer.src} → {header.outer.dst}</span></>}
        {header.lines.map((line) => <End key={line.key} line={line} />)}
      </div>
    </>
  );
}

/** In a crowd there is no room beside a station: the card keeps to the stage's corner. */
export function PinnedHeader({ act }: { readonly act: Act }): ReactNode {
  const moment = usePlayback((p) => (p.timeline === act.timeline ? p.moment : 0));
  const header = headerAt(act.timeline, moment);
  return header === null ? null : <div className="header-card pinned" data-kind={header.kind}><Words header={header} /></div>;
}

const guessed = { width: 260, height: 98 } as const;

/** The packet's header beside the station that last changed it: old address struck through, new one lit below. Where it would cover a name it is not shown. */
export function HeaderCard({ act, scene, moment }: { readonly act: Act; readonly scene: Scene; readonly moment: number }): ReactNode {
  const [size, setSize] = useState<{ readonly width: number; readonly height: number }>(guessed);
  const card = useRef<HTMLDivElement>(null);
  const header = headerAt(act.timeline, moment);
  const tickets = useMemo(() => new Set(act.routes.tickets.map(({ netns }) => netns)), [act]);
  const shown = header !== null;
  // words grow as the view goes away from them, so the card is watched and not only measured
  useEffect(() => {
    const element = card.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => { if (element.offsetHeight > 0) setSize({ width: element.offsetWidth, height: element.offsetHeight }); });
    observer.observe(element);
    return () => observer.disconnect();
  }, [shown]);
  if (header === null) return null;
  const place = placeCard(scene, act.timeline, header, size, tickets);
  const leader = place?.leader ?? null;
  return (
    <>
      {leader === null ? null : (
        <svg className="leader" width={scene.width} height={scene.height} style={{ zIndex: layers.marks }} aria-hidden="true"><path d={`M${leader[0].x} ${leader[0].y}V${leader[1].y}`} /></svg>
      )}
      <div className="header-card" ref={card} data-kind={header.kind} data-homeless={place === null ? '' : undefined} style={{ zIndex: layers.card, minWidth: cardWidth(scene), transform: place === null ? undefined : `translate(${place.at.x}px, ${place.at.y}px)` }}>
        <Words header={header} />
      </div>
    </>
  );
}
