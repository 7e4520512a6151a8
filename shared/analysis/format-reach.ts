import { allowedJson, isPair, type Allowed, type Reach } from './reach.ts';

/** `all`, or `TCP 80,443 · UDP all`. */
export const allowedText = (allowed: readonly Allowed[]): string => {
  if (allowed.length === 0) return 'nothing';
  return allowed.length === 3 && allowed.every(({ ports }) => ports === 'all') ? 'all' : allowed.map(({ protocol, ports }) => `${protocol} ${ports}`).join(' · ');
};

/** A readable list: for each source its destinations, those with the same answer on one line. */
export function formatReach(result: Reach): string {
  const blocks = result.peers.flatMap((from) => {
    const byAnswer = new Map<number, string[]>();
    for (const to of result.peers) {
      if (!isPair(from, to)) continue;
      const id = result.idBetween(from, to);
      if (id === 0) continue;
      const names = byAnswer.get(id);
      if (names) names.push(to.name);
      else byAnswer.set(id, [to.name]);
    }
    const lines = [...byAnswer].flatMap(([id, names]) => [`  ${allowedText(allowedJson(result.setOf(id)))}`, ...names.map((name) => `    → ${name}`)]);
    return lines.length === 0 ? [] : [[from.name, ...lines].join('\n')];
  });
  return blocks.length === 0 ? 'nobody may connect to anybody' : blocks.join('\n');
}
