import { useStore } from '@xyflow/react';
import { useEffect, useState, type ReactNode } from 'react';
import { playbackCursor } from '../../renderer/playback/playback.ts';
import { packetAt, type Segment } from '../../renderer/scene/segments.ts';

/** The same packets the plain way: the time is React state, every packet an element. What the app is measured against. */
export function ReactCrowd({ ways }: { readonly ways: readonly (readonly Segment[])[] }): ReactNode {
  const [ms, setMs] = useState(0);
  const [dx, dy, zoom] = useStore((flow) => flow.transform);
  useEffect(() => playbackCursor.watch(setMs), []);
  return (
    <div className="react-packets">
      {ways.map((segments, i) => {
        const at = packetAt(segments, ms)?.at ?? { x: 0, y: 0 };
        return <i key={i} style={{ transform: `translate(${at.x * zoom + dx}px, ${at.y * zoom + dy}px)` }} />;
      })}
    </div>
  );
}
