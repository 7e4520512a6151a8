import type { ReactNode } from 'react';

const rows = [0, 1, 2];

/** Before anything is open: the picture's three rows in hairlines, and what to do. */
export function EmptyStage({ opening }: { readonly opening: boolean }): ReactNode {
  return (
    <div className="empty-stage">
      <svg viewBox="0 0 860 600" preserveAspectRatio="xMidYMid meet" aria-hidden="true">
        <path d="M170 90V490" />
        {rows.map((i) => (
          <g key={i} transform={`translate(0 ${i * 200})`}>
            <rect x="202" y="30" width="640" height="172" rx="14" />
            <path d="M170 90H500M500 60V168M500 60H560M500 114H560M500 168H560" />
            {rows.map((j) => <rect key={j} x="560" y={42 + j * 52} width="268" height="42" rx="9" />)}
            <circle cx="202" cy="90" r="5" /><circle cx="410" cy="90" r="5" /><circle cx="500" cy="90" r="4" />
          </g>
        ))}
      </svg>
      {opening ? null : <p>Open a scenario, or drop manifests here.</p>}
    </div>
  );
}
