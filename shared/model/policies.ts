import { parseCidr } from '../base/cidr.ts';
import type { Json } from '../base/json.ts';
import type { KubeObject } from '../kube/types.ts';
import { dig, hasFields, integerOf, listOf, recordsOf, textOf, textsOf, type Fields } from './json-fields.ts';
import { protocolOf } from './pod-drafts.ts';
import { byFullName } from './problems.ts';
import { selectorOf } from './selectors.ts';
import type { Policy, PolicyPeer, PolicyPort, PolicyRule } from './types.ts';

/** NetworkPolicies as the API server stores them (networking/v1 defaults.go: policyTypes, protocol TCP). */
export const buildPolicies = (objects: readonly KubeObject[]): readonly Policy[] => objects.filter((object) => object.kind === 'NetworkPolicy').toSorted(byFullName).map(policyOf);

function policyOf(object: KubeObject): Policy {
  const spec = dig(object.value, 'spec');
  const listed = textsOf(dig(spec, 'policyTypes'));
  const egress = recordsOf(dig(spec, 'egress'));
  // Ingress always; Egress only with rules: `egress: []` isolates only where the type is spelled out
  const types = listed.length > 0 ? listed : egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  return {
    namespace: object.namespace,
    name: object.name,
    podSelector: selectorOf(dig(spec, 'podSelector')) ?? { matchLabels: {}, matchExpressions: [] },
    ingress: types.includes('Ingress') ? recordsOf(dig(spec, 'ingress')).map((rule) => ruleOf(rule, 'from')) : null,
    egress: types.includes('Egress') ? egress.map((rule) => ruleOf(rule, 'to')) : null,
    at: object.at,
    implied: false,
  };
}

/** An absent or empty list means everyone, or every port. */
function ruleOf(rule: Fields, side: 'from' | 'to'): PolicyRule {
  const all = (list: Json | undefined): boolean => listOf(list).length === 0;
  return {
    peers: all(rule[side]) ? null : recordsOf(rule[side]).map(peerOf),
    ports: all(rule['ports']) ? null : recordsOf(rule['ports']).map(portOf),
  };
}

function peerOf(peer: Fields): PolicyPeer {
  const block = peer['ipBlock'];
  const cidr = hasFields(block) ? parseCidr(textOf(block['cidr'])) : null;
  const except = textsOf(dig(block, 'except')).map(parseCidr).filter((excluded) => excluded !== null);
  return { podSelector: selectorOf(peer['podSelector']), namespaceSelector: selectorOf(peer['namespaceSelector']), ipBlock: cidr === null ? null : { cidr, except } };
}

function portOf(entry: Fields): PolicyPort {
  const port = entry['port'];
  const end = integerOf(entry['endPort'], 0);
  return { protocol: protocolOf(entry['protocol']), port: typeof port === 'string' || typeof port === 'number' ? port : null, endPort: end > 0 ? end : null };
}
