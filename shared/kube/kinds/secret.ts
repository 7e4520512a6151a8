import { missing, type Check } from '../check.ts';
import type { MapNode } from '../yaml/node.ts';
import { fieldOf, textOf } from '../yaml/tree.ts';

const needed: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'], 'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'], 'kubernetes.io/dockercfg': ['.dockercfg'], 'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};

/** A Secret of a built-in type must have that type's keys (core validation.go `ValidateSecret`). */
export function checkSecret(check: Check, root: MapNode): void {
  const type = textOf(fieldOf(root, 'type')) ?? '';
  const data = fieldOf(root, 'data');
  const text = fieldOf(root, 'stringData');
  for (const key of Object.hasOwn(needed, type) ? needed[type]! : [])
    if (fieldOf(data, key) === undefined && fieldOf(text, key) === undefined) missing(check, data?.kind === 'map' ? data : root, data?.kind === 'map' ? key : `data.${key}`, `a Secret of type ${type} needs it`);
}
