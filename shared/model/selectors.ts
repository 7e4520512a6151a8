import { dig, hasFields, labelsOf, recordsOf, textOf, textsOf } from './json-fields.ts';
import type { Json } from '../base/json.ts';
import type { Labels, LabelSelector } from './types.ts';

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;

/** A LabelSelector field; null where it is absent, which is a different thing than an empty one. */
export function selectorOf(value: Json | undefined): LabelSelector | null {
  if (!hasFields(value)) return null;
  const matchExpressions = recordsOf(dig(value, 'matchExpressions')).flatMap((item) => {
    const operator = operators.find((known) => known === item['operator']);
    return operator === undefined ? [] : [{ key: textOf(item['key']), operator, values: textsOf(item['values']) }];
  });
  return { matchLabels: labelsOf(dig(value, 'matchLabels')), matchExpressions };
}

/** Whether every `key: value` pair stands among the labels; an empty map matches everything. */
export function matchesLabels(wanted: Labels, labels: Labels): boolean {
  for (const key in wanted) if (!Object.hasOwn(labels, key) || labels[key] !== wanted[key]) return false;
  return true;
}

/** Whether one requirement holds. NotIn and DoesNotExist hold where the key is absent (apimachinery `labels.Requirement.Matches`). */
export function matchesExpression({ key, operator, values }: LabelSelector['matchExpressions'][number], labels: Labels): boolean {
  const has = Object.hasOwn(labels, key);
  switch (operator) {
    case 'In':
      return has && values.includes(labels[key]!);
    case 'NotIn':
      return !has || !values.includes(labels[key]!);
    case 'Exists':
      return has;
    case 'DoesNotExist':
      return !has;
  }
}

/** Whether a LabelSelector selects these labels; `{}` selects everything. */
export const matchesSelector = (selector: LabelSelector, labels: Labels): boolean =>
  matchesLabels(selector.matchLabels, labels) && selector.matchExpressions.every((expression) => matchesExpression(expression, labels));
