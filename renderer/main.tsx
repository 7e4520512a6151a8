import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { connectHost } from './host/connect-host.ts';
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

const place = document.getElementById('app');
if (place === null) throw new Error('the page has no place for the app');
void start(connectHost());
createRoot(place).render(<App />);
