import type { ReactNode } from 'react';
import { printRef } from '../../shared/base/object-ref.ts';
import type { SourceSpan } from '../../shared/base/problem.ts';
import type { Explained } from '../../shared/trace/types.ts';
import { useLayout } from '../state/layout.ts';
import { useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';

function Line({ at }: { readonly at: SourceSpan }): ReactNode {
  const { lightSpan } = useWorld((world) => world.actions);
  const change = useLayout((layout) => layout.change);
  const show = (): void => {
    lightSpan(at);
    change({ drawerOpen: true, panel: 'manifests', file: at.file });
  };
  return (
    <button type="button" className="link" onClick={show}>
      {`${at.file.split('/').at(-1)}:${at.line}`}
      <Icon name="link" />
    </button>
  );
}

/** Why a rule exists, and the way to the manifest's line that asked for it; what no manifest names is only named. */
export function Because({ explained }: { readonly explained: Explained }): ReactNode {
  const { at, for: ref } = explained;
  const why = explained.why.replace(/[.:]+$/, '');
  return (
    <p className="why">
      {why}
      {at !== undefined && <>{': '}<Line at={at} /></>}
      {at === undefined && ref !== undefined && !why.includes(printRef(ref)) && <>{': '}<code>{printRef(ref)}</code></>}
    </p>
  );
}
