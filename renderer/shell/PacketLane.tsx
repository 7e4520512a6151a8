import type { ReactNode } from 'react';
import type { SentPacket } from '../state/world-store.ts';
import { useWorld } from '../state/use-world.ts';
import { colourOf, fateOf } from '../theme/fate.ts';
import { Icon } from '../theme/Icon.tsx';

function Sent({ packet, current, reopen }: { readonly packet: SentPacket; readonly current: boolean; readonly reopen: () => void }): ReactNode {
  const fate = fateOf(packet.answer.journey.verdict);
  const colour = colourOf(fate.hue);
  return (
    <li>
      <button type="button" aria-current={current ? 'true' : undefined} className={current ? 'on' : ''} onClick={reopen} aria-label={`${packet.title}, ${fate.word}`} title={`${packet.title}: ${fate.word}`}>
        <svg className="fate-line" viewBox="0 0 44 6" aria-hidden="true"><path d="M2 3H42" stroke={colour.line} strokeWidth="3" strokeLinecap="round" strokeDasharray={fate.dash.join(' ')} /></svg>
        <span style={{ color: colour.ink }}><Icon name={fate.icon} /></span>
        <span>{packet.title}</span>
      </button>
    </li>
  );
}

/** The packets sent in this session, newest last; each can be put back on stage as it was. */
export function PacketLane(): ReactNode {
  const packets = useWorld((world) => world.packets);
  const current = useWorld((world) => world.packet);
  const { reopen } = useWorld((world) => world.actions);
  return (
    <div className="lane">
      <h2><Icon name="packet" /><span>Packets</span></h2>
      {packets.length === 0 ? <p>Packets you send are kept here.</p> : (
        <ol aria-label="Packets sent">
          {packets.map((packet) => <Sent key={packet.id} packet={packet} current={packet.id === current} reopen={() => reopen(packet.id)} />)}
        </ol>
      )}
    </div>
  );
}
