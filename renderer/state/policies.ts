import type { Cluster, Policy } from '../../shared/model/types.ts';
import type { Place } from './places.ts';

/** `policy/shop/deny`: how a selection names a NetworkPolicy. It is no place of the map and no end of a question. */
export const policyId = ({ namespace, name }: Pick<Policy, 'namespace' | 'name'>): string => `policy/${namespace}/${name}`;
/** Whether a selection means a policy. */
export const isPolicyId = (id: string): boolean => id.startsWith('policy/');
/** The policy that a selection means; undefined where it means something else or is gone. */
export const findPolicy = (cluster: Cluster, id: string): Policy | undefined => (isPolicyId(id) ? cluster.policies.find((policy) => policyId(policy) === id) : undefined);

/** The policies as lists show them. */
export const policyPlaces = (cluster: Cluster): readonly Place[] => cluster.policies.map((policy): Place => ({
  id: policyId(policy), kind: 'policy', icon: 'policy', name: policy.name, namespace: policy.namespace, parent: 'policies', labels: {}, address: '', trouble: '',
}));
