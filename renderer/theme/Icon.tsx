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
