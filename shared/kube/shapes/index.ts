import { coreShapes } from './core.ts';
import { kubeProxyShapes } from './kube-proxy.ts';
import { metaShapes } from './meta.ts';
import { networkingShapes } from './networking.ts';
import { podShapes } from './pod.ts';
import { kubeadmShapes, podhopShapes } from './podhop.ts';
import { rbacShapes } from './rbac.ts';
import { parseFields, type FieldType, type Shapes } from './shape.ts';
import { volumeShapes } from './volumes.ts';
import { workloadShapes } from './workloads.ts';

const families: readonly Shapes[] = [metaShapes, coreShapes, podShapes, volumeShapes, workloadShapes, networkingShapes, rbacShapes, kubeProxyShapes, kubeadmShapes, podhopShapes];
const texts = new Map(families.flatMap((family) => Object.entries(family)));
const parsed = new Map<string, ReadonlyMap<string, FieldType>>();

/** The fields of a struct, parsed when first asked for; throws on a name no table has (our own bug). */
export function fieldsOf(struct: string): ReadonlyMap<string, FieldType> {
  let fields = parsed.get(struct);
  if (fields === undefined) {
    const text = texts.get(struct);
    if (text === undefined) throw new TypeError(`no shape ${struct}`);
    fields = parseFields(text);
    parsed.set(struct, fields);
  }
  return fields;
}
