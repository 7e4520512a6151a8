import { createRoot } from 'react-dom/client';
import { Crowd } from './crowd.tsx';
import { ReactCrowd } from './react-crowd.tsx';
import { Canvas } from '../../renderer/canvas/Canvas.tsx';
import { usePlayback } from '../../renderer/playback/playback.ts';
import { useWorld } from '../../renderer/state/use-world.ts';
import { recordedOpened } from '../../renderer/testing/fixture.ts';
import { pictureCluster, wideCluster } from '../../renderer/testing/fixture-cluster.ts';
import '../../renderer/theme/base.css';
import './page.css';
import { flights, longTimeline } from './flights.ts';
import { takeSteps } from './steps.ts';

/** `?boxes=1000&packets=1000&by=canvas|react|none|steps`: a cluster of so many pods, so many packets over it, moved as the app does or by React state; or one packet at a time, for whoever calls `takeSteps`. */
const asked = new URLSearchParams(location.search);
const boxes = Number(asked.get('boxes') ?? 200);
const packets = Number(asked.get('packets') ?? 200);
const by = asked.get('by') ?? 'canvas';
const wide = wideCluster(Math.max(3, Math.round(boxes / 50)), boxes);
// the recorded packet travels among the picture's own nodes
const picture = pictureCluster();
const cluster = by === 'steps' ? { ...picture, nodes: [...picture.nodes, ...wide.nodes], pods: [...picture.pods, ...wide.pods] } : wide;
const place = document.getElementById('app');
if (place === null) throw new Error('the page has no place for the picture');
useWorld.setState({ opened: recordedOpened(cluster), opening: false });
const ways = by === 'canvas' || by === 'react' ? flights(cluster, packets) : [];
const crowd = by === 'canvas' ? <Crowd ways={ways} /> : by === 'react' ? <ReactCrowd ways={ways} /> : null;
createRoot(place).render(<Canvas>{crowd}</Canvas>);
if (by === 'steps') Reflect.set(window, 'takeSteps', takeSteps);
else if (by !== 'none') usePlayback.getState().load(longTimeline, true);
