import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { headerAt, placeCard, type HeaderCard as Header, type HeaderLine } from '../scene/header-card.ts';
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

const guessedHeight = 98;

/** The packet's header beside the station that last changed it: old address struck through, new one lit below. */
export function HeaderCard({ act, scene, moment }: { readonly act: Act; readonly scene: Scene; readonly moment: number }): ReactNode {
  const [height, setHeight] = useState(guessedHeight);
  const card = useRef<HTMLDivElement>(null);
  const header = headerAt(act.timeline, moment);
  useLayoutEffect(() => {
    if (card.current !== null && card.current.offsetHeight > 0) setHeight(card.current.offsetHeight);
  }, [header?.changed]);
  if (header === null) return null;
  const place = placeCard(scene, act.timeline, header, height);
  if (place === null) return null;
  const { leader } = place;
  return (
    <>
      {leader === null ? null : (
        <svg className="leader" width={scene.width} height={scene.height} style={{ zIndex: layers.marks }} aria-hidden="true"><path d={`M${leader[0].x} ${leader[0].y}V${leader[1].y}`} /></svg>
      )}
      <div className="header-card" ref={card} data-kind={header.kind} style={{ zIndex: layers.card, minWidth: place.width, transform: `translate(${place.at.x}px, ${place.at.y}px)` }}>
        <Words header={header} />
      </div>
    </>
  );
}
