import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import type { Host } from './host/host.ts';
import { start } from './state/start.ts';
import './theme/base.css';
import './shell/shell.css';
import './shell/controls.css';
import './shell/dialogs.css';
import './shell/dock.css';
import './inspect/trace.css';
import './editor/drawer.css';
import './reach/reach.css';
import './shell/sizes.css';

/** Shows the window on this host and brings it to life. */
export function openWindow(host: Host): void {
  const place = document.getElementById('app');
  if (place === null) throw new Error('the page has no place for the app');
  void start(host);
  createRoot(place).render(<App />);
}
