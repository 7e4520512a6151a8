import type { EditPreview } from '../../../shared/api/edit-contract.ts';

const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** An effect in short facts: "12 rules come, 9 go, on 3 nodes"; empty where nothing else changes. */
export function effectFacts(preview: Extract<EditPreview, { kind: 'effect' }>): readonly string[] {
  const added = preview.rules.reduce((sum, host) => sum + host.added, 0);
  const removed = preview.rules.reduce((sum, host) => sum + host.removed, 0);
  const hosts = count(preview.rules.length + preview.hostsOmitted, 'node');
  const rules = added + removed === 0 ? [] : [`${[...(added > 0 ? [`+${added}`] : []), ...(removed > 0 ? [`−${removed}`] : [])].join(' ')} ${added + removed === 1 ? 'rule' : 'rules'} on ${hosts}`];
  const pairs = [
    ...(preview.opens.length > 0 ? [`${count(preview.opens.length, 'pair')} ${preview.opens.length === 1 ? 'opens' : 'open'}`] : []),
    ...(preview.closes.length > 0 ? [`${count(preview.closes.length, 'pair')} ${preview.closes.length === 1 ? 'closes' : 'close'}`] : []),
  ];
  const problems = preview.effect.problemsAdded.length;
  return [...rules, ...pairs, ...(problems > 0 ? [count(problems, 'new problem')] : [])];
}
