import { createRoot } from 'react-dom/client';
import { Crowd } from './crowd.tsx';
import { ReactCrowd } from './react-crowd.tsx';
import { Canvas } from '../../renderer/canvas/Canvas.tsx';
import { usePlayback } from '../../renderer/playback/playback.ts';
import { useWorld } from '../../renderer/state/use-world.ts';
import { recordedOpened } from '../../renderer/testing/fixture.ts';
import { wideCluster } from '../../renderer/testing/fixture-cluster.ts';
import '../../renderer/theme/base.css';
import './page.css';
import { flights, longTimeline } from './flights.ts';

/** `?boxes=1000&packets=1000&by=canvas|react|none`: a cluster of so many pods, so many packets over it, moved as the app does or by React state. */
const asked = new URLSearchParams(location.search);
const boxes = Number(asked.get('boxes') ?? 200);
const packets = Number(asked.get('packets') ?? 200);
const by = asked.get('by') ?? 'canvas';
const cluster = wideCluster(Math.max(3, Math.round(boxes / 50)), boxes);
const place = document.getElementById('app');
if (place === null) throw new Error('the page has no place for the picture');
useWorld.setState({ opened: recordedOpened(cluster), opening: false });
const ways = flights(cluster, packets);
const crowd = by === 'canvas' ? <Crowd ways={ways} /> : by === 'react' ? <ReactCrowd ways={ways} /> : null;
createRoot(place).render(<Canvas>{crowd}</Canvas>);
if (by !== 'none') usePlayback.getState().load(longTimeline, true);
