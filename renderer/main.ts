import { connectHost } from './host/connect-host.ts';

// the engine starts on its own thread while this one still reads the window's code; the lessons are at hand when the window opens, so
// that the engine reads the first of them while the window is drawn
const host = connectHost();
const [{ openWindow }] = await Promise.all([import('./window.tsx'), import('./host/scenario-library.ts')]);
openWindow(host);
