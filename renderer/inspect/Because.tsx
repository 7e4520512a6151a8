import type { ReactNode } from 'react';
import { printRef } from '../../shared/base/object-ref.ts';
import type { Explained } from '../../shared/trace/types.ts';
import { useLayout } from '../state/layout.ts';
import { useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';

/** Why a rule exists, and the way to the manifest's line that asked for it. */
export function Because({ explained }: { readonly explained: Explained }): ReactNode {
  const { lightSpan, lightUp } = useWorld((world) => world.actions);
  const change = useLayout((layout) => layout.change);
  const { at, for: ref, why } = explained;
  const show = async (): Promise<void> => {
    if (at !== undefined) lightSpan(at);
    else if (ref !== undefined) await lightUp(ref);
    const { lit } = useWorld.getState();
    if (lit !== null) change({ drawerOpen: true, file: lit.file });
  };
  return (
    <p className="why">
      {why}
      {(at !== undefined || ref !== undefined) && (
        <>
          {': '}
          <button type="button" className="link" onClick={() => void show()}>
            {at === undefined ? printRef(ref!) : `${at.file.split('/').at(-1)}:${at.line}`}
            <Icon name="link" />
          </button>
        </>
      )}
    </p>
  );
}
