import type { Hop } from '../../shared/trace/types.ts';

/** One printed rule of a chain, with what the packet made of it. */
export interface CardLine { readonly rule: string; readonly n: string; readonly text: string; readonly hit: boolean; readonly nat: boolean; /** Index of the hop's step that hit it. */ readonly step: number | null }
export interface ChainCard { readonly chain: string; readonly name: string; readonly table: string; readonly lines: readonly CardLine[]; readonly omitted: number; /** First step of the hop in this chain. */ readonly step: number }

const chainOf = (rule: string): string => rule.slice(0, rule.lastIndexOf('/'));

interface Hit { readonly rule: string; readonly step: number; readonly jump: string | null; readonly decides: boolean; readonly nat: boolean }

function hitsOf({ steps }: Hop): readonly Hit[] {
  return steps.flatMap((step, i): readonly Hit[] => {
    if (step.kind !== 'rule') return [];
    const { did } = step;
    const verdict = did.kind === 'verdict' ? did.verdict : null;
    const jump = verdict?.kind === 'jump' || verdict?.kind === 'goto' ? `${step.chain.split('/').slice(0, 2).join('/')}/${verdict.chain}` : null;
    const nat = did.kind === 'dnat' || did.kind === 'snat' || did.kind === 'masquerade' || did.kind === 'dnat-map' || did.kind === 'redirect';
    const decides = nat || did.kind === 'set-mark' || did.kind === 'vmap' || did.kind === 'unmodelled' || (verdict !== null && verdict.kind !== 'return' && jump === null);
    return [{ rule: step.rule, step: i, jump, decides, nat }];
  });
}

/** Chains with a hit that decided something, and those that led there, in the order the packet came to them. */
function decisive(hits: readonly Hit[]): readonly string[] {
  const wanted = new Set(hits.filter((h) => h.decides).map((h) => chainOf(h.rule)));
  // a jump back to a chain already wanted adds the jumper; as many rounds as chains can nest
  for (let round = 0; round < 8; round++) for (const hit of hits) if (hit.jump !== null && wanted.has(hit.jump)) wanted.add(chainOf(hit.rule));
  return [...new Set(hits.map((h) => chainOf(h.rule)))].filter((chain) => wanted.has(chain));
}

/** Lines of a chain around its hits; more than this many are left out and counted. */
const most = 6;

const bare = (text: string, name: string): string => text.trim().replace(new RegExp(`^-A ${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')} `), '');

/** The chains that decided about this hop's packet, as cards of printed rules. `lines` is the host's whole text. */
export function decidingChains(hop: Hop, lines: readonly { readonly text: string; readonly rule: string | null }[]): readonly ChainCard[] {
  const hits = hitsOf(hop);
  return decisive(hits).map((chain) => {
    const name = chain.split('/').slice(2).join('/');
    const own = lines.filter((line) => line.rule !== null && chainOf(line.rule) === chain);
    const hitHere = hits.filter((h) => chainOf(h.rule) === chain);
    const all = own.map((line): CardLine => {
      const hit = hitHere.find((h) => h.rule === line.rule);
      return { rule: line.rule ?? '', n: line.rule?.slice(chain.length + 1) ?? '', text: bare(line.text, name), hit: hit !== undefined, nat: hit?.nat === true, step: hit?.step ?? null };
    });
    const at = Math.max(0, all.findIndex((l) => l.hit));
    const from = Math.max(0, Math.min(at - 2, all.length - most));
    const shown = all.length <= most ? all : all.filter((l, i) => l.hit || (i >= from && i < from + most - 1));
    return { chain, name, table: chain.split('/')[1] ?? '', lines: shown, omitted: all.length - shown.length, step: hitHere[0]?.step ?? 0 };
  });
}
