import { missing, refuse, startOf, type Check } from '../check.ts';
import { checkLabels } from '../check-metadata.ts';
import type { MapNode, YamlNode } from '../yaml/node.ts';
import { fieldOf, itemsOf, textOf } from '../yaml/tree.ts';
import { checkPodSpec } from './pod.ts';
import { inRange, oneOf, oneOfOrEmpty, required } from './rules.ts';
import { checkLabelSelector, checkMapSelector } from './selector.ts';

const MAX_INT32 = 2 ** 31 - 1;

/** Deployment, ReplicaSet, StatefulSet and DaemonSet (apps validation.go): a selector that selects its own template. */
export function checkWorkload(check: Check, root: MapNode): void {
  const spec = requiredSpec(check, root);
  if (spec === undefined) return;
  inRange(check, fieldOf(spec, 'replicas'), 0, MAX_INT32);
  const selector = fieldOf(spec, 'selector');
  const template = requiredTemplate(check, spec, ['Always']);
  if (selector?.kind !== 'map') return missing(check, spec, 'selector', 'write matchLabels: with the labels of the template');
  checkLabelSelector(check, selector);
  if (selector.entries.length === 0 || (itemsOf(fieldOf(selector, 'matchExpressions')).length === 0 && isEmptyMap(fieldOf(selector, 'matchLabels')))) refuse(check, 'empty-selector', selector, 'spec.selector may not be empty', 'write matchLabels: with the labels of the template', startOf(selector));
  else if (template && !selects(selector, fieldOf(fieldOf(template, 'metadata'), 'labels'))) refuse(check, 'selector-mismatch', selector, "spec.selector does not match the template's labels", 'use the same labels in both', startOf(selector));
  oneOf(check, textOf(fieldOf(fieldOf(spec, 'strategy'), 'type')) ? fieldOf(fieldOf(spec, 'strategy'), 'type') : undefined, ['Recreate', 'RollingUpdate']);
  oneOfOrEmpty(check, fieldOf(spec, 'podManagementPolicy'), ['OrderedReady', 'Parallel']);
}

/** ReplicationController: its selector is a plain map and defaults to the template's labels. */
export function checkReplicationController(check: Check, root: MapNode): void {
  const spec = requiredSpec(check, root);
  if (spec === undefined) return;
  inRange(check, fieldOf(spec, 'replicas'), 0, MAX_INT32);
  const template = requiredTemplate(check, spec, ['Always']);
  const selector = fieldOf(spec, 'selector');
  checkMapSelector(check, selector);
  const labels = fieldOf(fieldOf(template, 'metadata'), 'labels');
  if (selector?.kind === 'map' && template && !selector.entries.every((e) => textOf(fieldOf(labels, e.key)) === textOf(e.value))) refuse(check, 'selector-mismatch', selector, "spec.selector does not match the template's labels", 'use the same labels in both', startOf(selector));
}

/** Job (batch validation.go `ValidateJobSpec`). */
export function checkJob(check: Check, root: MapNode): void {
  const spec = requiredSpec(check, root);
  if (spec !== undefined) checkJobSpec(check, spec);
}

/** CronJob: a schedule and the job it makes. */
export function checkCronJob(check: Check, root: MapNode): void {
  const spec = requiredSpec(check, root);
  if (spec === undefined) return;
  required(check, spec, 'schedule', 'write it as "minute hour day month weekday"');
  oneOf(check, textOf(fieldOf(spec, 'concurrencyPolicy')) ? fieldOf(spec, 'concurrencyPolicy') : undefined, ['Allow', 'Forbid', 'Replace']);
  const job = fieldOf(required(check, spec, 'jobTemplate', 'describe the job'), 'spec');
  if (job?.kind === 'map') checkJobSpec(check, job);
}

function checkJobSpec(check: Check, spec: YamlNode): void {
  for (const field of ['parallelism', 'completions', 'backoffLimit']) inRange(check, fieldOf(spec, field), 0, MAX_INT32);
  const template = requiredTemplate(check, spec, ['OnFailure', 'Never']);
  const pod = fieldOf(template, 'spec');
  if (pod?.kind === 'map' && !textOf(fieldOf(pod, 'restartPolicy'))) missing(check, pod, 'restartPolicy', 'a job needs restartPolicy: OnFailure or Never');
}

function requiredSpec(check: Check, root: MapNode): YamlNode | undefined {
  const spec = required(check, root, 'spec', 'describe its pods');
  return spec?.kind === 'map' ? spec : undefined;
}

function requiredTemplate(check: Check, spec: YamlNode, restartPolicies: readonly string[]): YamlNode | undefined {
  const template = required(check, spec, 'template', 'describe its pods');
  if (template?.kind !== 'map') return undefined;
  checkLabels(check, fieldOf(fieldOf(template, 'metadata'), 'labels'));
  const pod = required(check, template, 'spec', 'describe its containers');
  if (pod?.kind === 'map') checkPodSpec(check, pod, restartPolicies);
  return template;
}

const isEmptyMap = (node: YamlNode | undefined): boolean => node === undefined || (node.kind === 'map' && node.entries.length === 0);

/** Whether a label selector matches labels, both as written; broken requirements match, they are refused elsewhere. */
function selects(selector: YamlNode, labels: YamlNode | undefined): boolean {
  const wanted = fieldOf(selector, 'matchLabels');
  if (wanted?.kind === 'map' && !wanted.entries.every((e) => textOf(fieldOf(labels, e.key)) === textOf(e.value))) return false;
  return itemsOf(fieldOf(selector, 'matchExpressions')).every((requirement) => {
    const value = textOf(fieldOf(labels, textOf(fieldOf(requirement, 'key')) ?? ''));
    const values = itemsOf(fieldOf(requirement, 'values')).map(textOf);
    switch (textOf(fieldOf(requirement, 'operator'))) {
      case 'In': return value !== undefined && values.includes(value);
      case 'NotIn': return value === undefined || !values.includes(value);
      case 'Exists': return value !== undefined;
      case 'DoesNotExist': return value === undefined;
      default: return true;
    }
  });
}
