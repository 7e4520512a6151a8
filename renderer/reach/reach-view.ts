import { useLayout } from '../state/layout.ts';
import { useReach, type ReachView } from './use-reach.ts';

/** Opens the reach panel at one of its views. */
export function showReachView(view: ReachView): void {
  useReach.setState({ view });
  useLayout.getState().change({ drawerOpen: true, panel: 'reach' });
}

/** The same, and closes the panel where that view is shown already. */
export function toggleReachView(view: ReachView): void {
  const { drawerOpen, panel, change } = useLayout.getState();
  if (drawerOpen && panel === 'reach' && useReach.getState().view === view) return change({ drawerOpen: false });
  showReachView(view);
}
