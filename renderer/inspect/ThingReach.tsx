import type { ReactNode } from 'react';
import type { ReachAnswer } from '../../shared/api/reach-contract.ts';
import { indexPolicies, isolating } from '../../shared/model/policy/oracle.ts';
import type { Cluster, Pod, Policy } from '../../shared/model/types.ts';
import { peerIdOf } from '../reach/decision.ts';
import { allowedOf, printAllowed, readPeer } from '../reach/reach-pairs.ts';
import { useExposure } from '../reach/ExposureView.tsx';
import { showReachView } from '../reach/reach-view.ts';
import { useReach } from '../reach/use-reach.ts';
import { findPod } from '../scene/find-thing.ts';
import { useLayout } from '../state/layout.ts';
import { policyId } from '../state/policies.ts';
import { useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';

const listed = 6;

/** Opens the grid at one pair. */
function showPair(src: string, dst: string): void {
  useReach.setState({ chosen: { src, dst }, view: 'grid', grouping: 'workload', namespaces: [], filter: '' });
  useLayout.getState().change({ drawerOpen: true, panel: 'reach' });
}

interface Found { readonly src: string; readonly dst: string; readonly name: string; readonly ports: string }

/** Who may connect to a workload, or whom it may reach. */
export function pairsOf(answer: ReachAnswer, peer: string, way: 'in' | 'out'): readonly Found[] {
  return answer.peers
    .filter((other) => other !== peer)
    .map((other): Found => {
      const [src, dst] = way === 'in' ? [other, peer] : [peer, other];
      return { src, dst, name: readPeer(other).name, ports: printAllowed(allowedOf(answer, src, dst)) };
    })
    .filter(({ ports }) => ports !== 'Nothing');
}

function Pairs({ title, found, others }: { readonly title: string; readonly found: readonly Found[]; readonly others: number }): ReactNode {
  const everyone = found.length === others && found.every(({ ports }) => ports === 'Everything');
  return (
    <div className="thing-reach">
      <dt>{title}</dt>
      <dd>
        {found.length === 0 ? 'Nobody' : everyone ? 'Everybody, on every port' : (
          <ul>
            {found.slice(0, listed).map(({ src, dst, name, ports }) => (
              <li key={`${src} ${dst}`}><button type="button" className="link" onClick={() => showPair(src, dst)}>{name}</button>{ports === 'Everything' ? '' : `: ${ports}`}</li>
            ))}
            {found.length > listed && <li><button type="button" className="link" onClick={() => showPair(found[0]!.src, found[0]!.dst)}>{found.length - listed} more</button></li>}
          </ul>
        )}
      </dd>
    </div>
  );
}

/** Opens the view that also names pods that do not exist yet. */
function showExposure(id: string): void {
  useExposure.setState({ of: id });
  showReachView('exposure');
}

function PolicyLine({ policy, ways }: { readonly policy: Policy; readonly ways: string }): ReactNode {
  const { select } = useWorld((world) => world.actions);
  return <li><button type="button" className="link" onClick={() => select({ kind: 'thing', id: policyId(policy) })}>{policy.name}</button> {ways}</li>;
}

function Policies({ cluster, pod }: { readonly cluster: Cluster; readonly pod: Pod }): ReactNode {
  const index = indexPolicies(cluster);
  const [ingress, egress] = [isolating(index, pod, 'ingress'), isolating(index, pod, 'egress')];
  const all = [...new Set([...ingress, ...egress])];
  if (all.length === 0) return <div className="thing-reach"><dt>Policies</dt><dd>None selects it</dd></div>;
  const ways = (policy: Policy): string => [...(ingress.includes(policy) ? ['in'] : []), ...(egress.includes(policy) ? ['out'] : [])].join(' and ');
  return <div className="thing-reach"><dt>Policies</dt><dd><ul>{all.map((policy) => <PolicyLine key={policy.name} policy={policy} ways={ways(policy)} />)}</ul></dd></div>;
}

/** Who may reach a pod, whom it may reach, and the policies that decide it. */
export function ThingReach({ cluster, id }: { readonly cluster: Cluster; readonly id: string }): ReactNode {
  const answer = useReach((reach) => reach.now?.all ?? null);
  const pod = findPod(cluster, id);
  if (pod === undefined || answer === null) return null;
  const peer = peerIdOf(pod);
  if (!answer.peers.includes(peer)) return null;
  const others = answer.peers.length - 1;
  return (
    <section>
      <h2>By NetworkPolicy</h2>
      <dl>
        <Pairs title="Reached by" found={pairsOf(answer, peer, 'in')} others={others} />
        <Pairs title="May reach" found={pairsOf(answer, peer, 'out')} others={others} />
        <Policies cluster={cluster} pod={pod} />
      </dl>
      <button type="button" className="link" onClick={() => showExposure(id)}>Who could, also pods that do not exist yet<Icon name="link" /></button>
    </section>
  );
}
