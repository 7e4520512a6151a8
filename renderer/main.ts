import { connectHost } from './host/connect-host.ts';

// the engine starts on its own thread while this one still reads the window's code
const host = connectHost();
const { openWindow } = await import('./window.tsx');
openWindow(host);
