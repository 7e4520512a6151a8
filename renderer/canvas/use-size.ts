import { useLayoutEffect, useState, type RefObject } from 'react';
import type { Size } from './use-stage.ts';

/** The element's inner size in whole px, followed as it changes. */
export function useSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return undefined;
    const measure = (): void => {
      const [width, height] = [target.offsetWidth, target.offsetHeight];
      setSize((was) => (was.width === width && was.height === height ? was : { width, height }));
    };
    // at once, so that the first picture is painted with what belongs on it, not a frame later
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
