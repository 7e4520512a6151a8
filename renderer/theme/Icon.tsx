import type { ReactNode } from 'react';
import { iconPaths, type IconName } from './icon-paths.ts';

/** One icon as inline SVG, 1.25 em wide, in the colour of the text around it; give `label` where no words stand beside it. */
export function Icon({ name, label, className = '' }: { readonly name: IconName; readonly label?: string; readonly className?: string }): ReactNode {
  const named = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    <svg className={`i ${className}`} viewBox="0 0 20 20" {...named}>
      <path d={iconPaths[name]} />
    </svg>
  );
}

/** The same icon inside a larger drawing: centred on x, y, `size` units wide. */
export function IconMark({ name, x, y, size = 16, className = '' }: { readonly name: IconName; readonly x: number; readonly y: number; readonly size?: number; readonly className?: string }): ReactNode {
  return <path className={`icon-mark ${className}`} d={iconPaths[name]} transform={`translate(${x - size / 2} ${y - size / 2}) scale(${size / 20})`} />;
}
