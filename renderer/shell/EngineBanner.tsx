import type { ReactNode } from 'react';
import { restartEngine } from '../state/opening.ts';
import { useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';
import { useLasting } from './use-lasting.ts';

/** What the engine is up to when it keeps one waiting, and what went wrong, in one line. */
export function EngineBanner(): ReactNode {
  const engine = useWorld((world) => world.engine);
  const failure = useWorld((world) => world.failure);
  const opening = useLasting(useWorld((world) => world.opening));
  const { fail } = useWorld((world) => world.actions);
  if (failure !== null) {
    return (
      <div className="banner bad" role="alert">
        <Icon name="warning" />
        <span>{failure}</span>
        <button type="button" className="plain" onClick={() => fail(null)}>Dismiss</button>
      </div>
    );
  }
  if (engine === null) return opening ? <output className="banner"><Icon name="file" /><span>Reading the manifests…</span></output> : null;
  const { notice, detail } = engine;
  return (
    <output className={`banner ${notice === 'failed' ? 'bad' : ''}`}>
      <Icon name={notice === 'failed' ? 'warning' : 'gear'} />
      <span>{notice === 'busy' ? 'The engine is still working.' : notice === 'restarted' ? `The engine was started again. ${detail}.` : `${detail}.`}</span>
      {notice === 'busy' && <button type="button" className="plain" onClick={() => void restartEngine()}>Stop</button>}
      {notice === 'failed' && <button type="button" className="plain" onClick={() => void restartEngine()}>Start again</button>}
      {notice === 'restarted' && <button type="button" className="plain" onClick={() => useWorld.setState({ engine: null })}>Dismiss</button>}
    </output>
  );
}
