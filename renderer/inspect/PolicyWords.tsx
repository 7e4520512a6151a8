import type { ReactNode } from 'react';
import type { Problem } from '../../shared/base/problem.ts';
import { policyMeaning } from '../../shared/model/policy/meaning.ts';
import { indexPolicies, isolating } from '../../shared/model/policy/oracle.ts';
import type { Cluster, Policy } from '../../shared/model/types.ts';
import { showReachView } from '../reach/reach-view.ts';
import { useLayout } from '../state/layout.ts';
import { findPolicy } from '../state/policies.ts';
import { allProblems } from '../state/problems.ts';
import { useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';
import { podId } from '../../shared/model/describe.ts';

const listed = 12;

/** What the engine says about this policy's own lines: where it surprises, and what to write instead. */
export function hintsFor({ at }: Policy, problems: readonly Problem[]): readonly Problem[] {
  if (at === null) return [];
  const last = at.endLine ?? at.line;
  return problems.filter((problem) => problem.at !== null && problem.at.file === at.file && problem.at.line >= at.line && problem.at.line <= last);
}

function Hint({ hint }: { readonly hint: Problem }): ReactNode {
  const { at, what, fix, severity } = hint;
  const show = (): void => {
    if (at === null) return;
    useWorld.getState().actions.lightSpan(at);
    useLayout.getState().change({ drawerOpen: true, panel: 'manifests', file: at.file });
  };
  return <li className={severity}><Icon name={severity === 'error' ? 'drop' : 'warning'} /><span>{what}: {fix}. {at !== null && <button type="button" className="link" onClick={show}>Line {at.line}</button>}</span></li>;
}

/** A policy in one sentence, whom it selects, and the hints where it means something else than it seems to. */
export function PolicyWords({ cluster, id }: { readonly cluster: Cluster; readonly id: string }): ReactNode {
  const problems = useWorld(allProblems);
  const { select } = useWorld((world) => world.actions);
  const policy = findPolicy(cluster, id);
  if (policy === undefined) return null;
  const index = indexPolicies(cluster);
  const selected = cluster.pods.filter((pod) => isolating(index, pod, 'ingress').includes(policy) || isolating(index, pod, 'egress').includes(policy));
  const hints = hintsFor(policy, problems);
  return (
    <section className="policy-words">
      <p>{policyMeaning(policy)}</p>
      {hints.length > 0 && <ul className="policy-hints" aria-label="Hints">{hints.map((hint) => <Hint key={`${hint.code} ${hint.at?.line} ${hint.at?.col}`} hint={hint} />)}</ul>}
      <h2>Selects {selected.length === 1 ? '1 pod' : `${selected.length} pods`}</h2>
      {selected.length > 0 && <ul className="policy-pods">{selected.slice(0, listed).map((pod) => <li key={podId(pod)}><button type="button" className="link" onClick={() => select({ kind: 'thing', id: podId(pod) })}>{pod.name}</button></li>)}{selected.length > listed && <li>{selected.length - listed} more</li>}</ul>}
      <button type="button" className="link" onClick={() => showReachView('coverage')}>Which of its rules were met<Icon name="link" /></button>
    </section>
  );
}
