import type { ReactNode } from 'react';
import type { Policy } from '../../shared/model/types.ts';
import { useLayout } from '../state/layout.ts';
import { titleOfRequest } from '../state/request-words.ts';
import { useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';
import { questionOfPair } from '../compare/pair-question.ts';
import { openComparison } from '../compare/use-compare.ts';
import { decisionOf } from './decision.ts';
import { printAllowed, readPeer, type Pair } from './reach-pairs.ts';
import { sendPair } from './send-pair.ts';

function PolicyLink({ policy }: { readonly policy: Policy }): ReactNode {
  const { lightSpan } = useWorld((world) => world.actions);
  const change = useLayout((layout) => layout.change);
  const { at, name } = policy;
  if (at === null) return <code>{name}</code>;
  const show = (): void => {
    lightSpan(at);
    change({ drawerOpen: true, panel: 'manifests', file: at.file });
  };
  return <button type="button" className="link" onClick={show}>{name}<Icon name="link" /></button>;
}

/** One pair in words: what may pass, what it was before, who decides, and the packet that shows it. */
export function ReachDetail({ src, dst, pair }: { readonly src: string; readonly dst: string; readonly pair: Pair }): ReactNode {
  const cluster = useWorld((world) => world.opened?.cluster ?? null);
  const [from, to] = [readPeer(src), readPeer(dst)];
  if (src === dst) return <div className="reach-detail"><h3>{from.name}</h3><p className="hint">Pods of one workload are not judged against each other.</p></div>;
  const both = cluster === null || pair.change === null ? null : questionOfPair(cluster, src, dst, pair.before ?? [], pair.allowed);
  const decision = cluster === null ? null : decisionOf(cluster, from, to, pair.allowed);
  return (
    <div className="reach-detail">
      <h3>{from.name} → {to.name}</h3>
      <dl>
        {pair.change !== null && pair.before !== null && <div><dt>Before</dt><dd>{printAllowed(pair.before)}</dd></div>}
        <div><dt>{pair.change === null ? 'May pass' : 'Now'}</dt><dd>{printAllowed(pair.allowed)}</dd></div>
      </dl>
      {decision !== null && (
        <>
          <p className="reach-asked">{decision.protocol.toUpperCase()} port {decision.port}</p>
          {decision.sentences.map((sentence) => <p key={sentence} className="why">{sentence}</p>)}
          {decision.policies.length > 0 && <p className="reach-policies">{decision.policies.map((policy) => <PolicyLink key={`${policy.namespace}/${policy.name}`} policy={policy} />)}</p>}
          {decision.request !== null && <button type="button" className="plain" title={titleOfRequest(decision.request)} onClick={() => void sendPair(src, dst, pair)}><Icon name="packet" />Send this packet</button>}
        </>
      )}
      {both !== null && <button type="button" className="plain" onClick={() => void openComparison(both.question, both.title)}><Icon name="half" />Before and after, side by side</button>}
    </div>
  );
}
