import { checkLabelValue, checkQualifiedName } from '../names.ts';
import { checkLabels } from '../check-metadata.ts';
import { refuse, refuseName, shorten, warn, type Check } from '../check.ts';
import type { YamlNode } from '../yaml/node.ts';
import { fieldOf, itemsOf, textOf } from '../yaml/tree.ts';
import { oneOf, required } from './rules.ts';

/** A metav1.LabelSelector (ValidateLabelSelector), and a warning where it can match nothing. */
export function checkLabelSelector(check: Check, selector: YamlNode | undefined): void {
  if (selector?.kind !== 'map') return;
  checkLabels(check, fieldOf(selector, 'matchLabels'));
  for (const requirement of itemsOf(fieldOf(selector, 'matchExpressions'))) if (requirement.kind === 'map') checkRequirement(check, requirement);
  warnContradiction(check, selector);
}

function checkRequirement(check: Check, requirement: YamlNode): void {
  const key = required(check, requirement, 'key', 'name the label');
  refuseName(check, 'bad-label-key', key, checkQualifiedName);
  const operator = required(check, requirement, 'operator', 'write In, NotIn, Exists or DoesNotExist');
  oneOf(check, operator, ['In', 'NotIn', 'Exists', 'DoesNotExist']);
  const values = fieldOf(requirement, 'values');
  const count = itemsOf(values).length;
  const name = textOf(operator);
  if ((name === 'In' || name === 'NotIn') && count === 0) refuse(check, 'selector-values', values ?? requirement, `operator ${name} needs at least one value`, 'list the values, or use Exists or DoesNotExist', values ? undefined : operator);
  if ((name === 'Exists' || name === 'DoesNotExist') && count > 0) refuse(check, 'selector-values', values!, `operator ${name} takes no values`, 'remove them, or use In or NotIn');
  for (const value of itemsOf(values)) refuseName(check, 'bad-label-value', value, checkLabelValue);
}

/** Two requirements of one selector that no label can meet together. */
function warnContradiction(check: Check, selector: YamlNode): void {
  const allowed = new Map<string, Set<string>>();
  const forbidden = new Map<string, Set<string>>();
  const absent = new Set<string>();
  const present = new Set<string>();
  const labels = fieldOf(selector, 'matchLabels');
  if (labels?.kind === 'map') for (const entry of labels.entries) allowed.set(entry.key, new Set([textOf(entry.value) ?? '']));
  for (const requirement of itemsOf(fieldOf(selector, 'matchExpressions'))) {
    const key = textOf(fieldOf(requirement, 'key')) ?? '';
    const values = new Set(itemsOf(fieldOf(requirement, 'values')).map((v) => textOf(v) ?? ''));
    const operator = textOf(fieldOf(requirement, 'operator'));
    if (operator === 'In' && values.size > 0) allowed.set(key, allowed.has(key) ? new Set([...allowed.get(key)!].filter((v) => values.has(v))) : values);
    if (operator === 'NotIn') forbidden.set(key, new Set([...(forbidden.get(key) ?? []), ...values]));
    if (operator === 'DoesNotExist') absent.add(key);
    if (operator === 'Exists') present.add(key);
  }
  for (const [key, values] of allowed) if (absent.has(key) || [...values].every((v) => forbidden.get(key)?.has(v))) return contradiction(check, selector, key);
  for (const key of present) if (absent.has(key)) return contradiction(check, selector, key);
}

const contradiction = (check: Check, selector: YamlNode, key: string): void =>
  warn(check, 'selector-matches-nothing', selector, (path) => `${path} matches nothing: its requirements for ${shorten(key)} contradict each other`, 'change or remove one of them', { start: selector.start, end: selector.start + 1 });

/** A Service's or ReplicationController's selector: plain labels (`map[string]string`). */
export const checkMapSelector = (check: Check, selector: YamlNode | undefined): void => checkLabels(check, selector);
