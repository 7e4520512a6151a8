import type { ReactNode } from 'react';
import { runCommand } from '../state/commands.ts';
import { useLayout } from '../state/layout.ts';
import { useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';
import { useTraffic } from './traffic.ts';

/** In the dock: whether traffic flows and how much, and the way to its panel. */
export function TrafficToggle(): ReactNode {
  const open = useLayout((layout) => layout.trafficOpen);
  const opened = useWorld((world) => world.opened !== null);
  const status = useTraffic((t) => t.status);
  const rate = useTraffic((t) => t.pairs.reduce((sum, pair) => sum + pair.rate, 0));
  const words = status === 'flowing' ? `Traffic ${rate}/s` : status === 'paused' ? 'Traffic paused' : 'Traffic';
  return <button type="button" className="traffic-toggle" aria-expanded={open} disabled={!opened} onClick={() => runCommand('traffic')}><Icon name="maybe" /><span>{words}</span></button>;
}
