import type { Json } from '../base/json.ts';
import { dig, hasFields, integerOf, labelsOf, recordsOf, textOf, textsOf, type Fields } from './json-fields.ts';
import { matchesLabels } from './selectors.ts';
import type { Labels, Node } from './types.ts';

interface Toleration { readonly key: string; readonly operator: string; readonly value: string; readonly effect: string }
export type Taint = Node['taints'][number];

/** Taints as the scheduler meets them: the node's own, and those that the node controller sets for cordoned and not-ready nodes. */
export function effectiveTaints(node: Node): readonly Taint[] {
  const controller = (key: string): Taint => ({ key: `node.kubernetes.io/${key}`, value: '', effect: 'NoSchedule' });
  return [...node.taints, ...(node.unschedulable ? [controller('unschedulable')] : []), ...(node.ready ? [] : [controller('not-ready')])];
}

/** Tolerations that every DaemonSet pod gets (daemon controller `AddOrUpdateDaemonPodTolerations`). */
export const daemonTolerations: readonly Toleration[] = ['not-ready', 'unreachable', 'disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable', 'network-unavailable'].map((key) => ({
  key: `node.kubernetes.io/${key}`, operator: 'Exists', value: '', effect: '',
}));

/** A pod spec's tolerations. */
export const tolerationsOf = (spec: Fields): readonly Toleration[] => recordsOf(spec['tolerations']).map((item) => ({
  key: textOf(item['key']), operator: textOf(item['operator']) || 'Equal', value: textOf(item['value']), effect: textOf(item['effect']),
}));

/** The first taint that keeps a new pod off the node (PreferNoSchedule does not), or null. */
export function untoleratedTaint(taints: readonly Taint[], tolerations: readonly Toleration[]): Taint | null {
  return taints.find((taint) => taint.effect !== 'PreferNoSchedule' && !tolerations.some((toleration) => tolerates(toleration, taint))) ?? null;
}

// v1.Toleration.ToleratesTaint: an empty key with Exists tolerates everything, an empty effect every effect
function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect !== '' && toleration.effect !== taint.effect) return false;
  if (toleration.key !== '' && toleration.key !== taint.key) return false;
  return toleration.operator === 'Exists' || (toleration.key !== '' && toleration.value === taint.value);
}

/** Whether the node satisfies the pod's nodeSelector and required node affinity (component-helpers `nodeaffinity`: terms are ORed, requirements ANDed, an empty term matches nothing). */
export function fitsNodeAffinity(spec: Fields, node: Node): boolean {
  if (!matchesLabels(labelsOf(spec['nodeSelector']), node.labels)) return false;
  const required = dig(spec, 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution');
  if (!hasFields(required)) return true;
  return recordsOf(required['nodeSelectorTerms']).some((term) => fitsTerm(term, node));
}

function fitsTerm(term: Fields, node: Node): boolean {
  const expressions = recordsOf(term['matchExpressions']);
  const fields = recordsOf(term['matchFields']);
  if (expressions.length + fields.length === 0) return false;
  return expressions.every((item) => fitsRequirement(item, node.labels)) && fields.every((item) => fitsRequirement(item, { 'metadata.name': node.name }));
}

function fitsRequirement(item: Fields, labels: Labels): boolean {
  const key = textOf(item['key']);
  const values = textsOf(item['values']);
  const value = Object.hasOwn(labels, key) ? labels[key]! : null;
  switch (item['operator']) {
    case 'In':
      return value !== null && values.includes(value);
    case 'NotIn':
      return value === null || !values.includes(value);
    case 'Exists':
      return value !== null;
    case 'DoesNotExist':
      return value === null;
    case 'Gt':
      return value !== null && compareNumbers(value, values[0]) > 0;
    case 'Lt':
      return value !== null && compareNumbers(value, values[0]) < 0;
    default:
      return false;
  }
}

function compareNumbers(a: Json, b: string | undefined): number {
  const [x, y] = [integerOf(Number(a), Number.NaN), integerOf(Number(b), Number.NaN)];
  return Number.isNaN(x) || Number.isNaN(y) ? 0 : x - y;
}
