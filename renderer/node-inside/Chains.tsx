import { useEffect, useMemo, useRef, type ReactNode, type RefObject } from 'react';
import type { RuleLine } from '../../shared/api/shapes.ts';
import { fromFractionJson, multiplyFractions, printFraction, toFractionJson } from '../../shared/base/fraction.ts';
import type { FractionJson } from '../../shared/base/fraction.ts';
import { labelOf } from '../scene/labels.ts';
import { useWorld } from '../state/use-world.ts';
import { decidingChains, type CardLine, type ChainCard } from './deciding-chains.ts';
import type { Stay } from './visit-of-node.ts';

/** What NAT put in, lit in a rule's text. */
function RuleWords({ text, nat }: { readonly text: string; readonly nat: boolean }): ReactNode {
  const found = nat ? /(--to-destination|--to-source|dnat to|snat to) (\S+)/.exec(text) : null;
  if (found === null) return text;
  return <>{text.slice(0, found.index)}<b>{found[0]}</b>{text.slice(found.index + found[0].length)}</>;
}

interface Odds { readonly whole: FractionJson; /** How they came about, where earlier rules of the chain let it pass: "passed on 2/3, times 1/2". */ readonly words: string }

const times = (a: FractionJson, b: FractionJson): FractionJson => toFractionJson(multiplyFractions(fromFractionJson(a), fromFractionJson(b)));

/** The odds of a choice made by a rule of this hop, with those of the rules before it in its chain that let the packet pass. */
function oddsOf(stay: Stay, rule: string): Odds | null {
  const chain = rule.slice(0, rule.lastIndexOf('/'));
  const choices = stay.hop.steps.filter((s) => s.kind === 'choice' && s.by.slice(0, s.by.lastIndexOf('/')) === chain);
  const own = choices.find((s) => s.kind === 'choice' && s.by === rule && s.taken !== false);
  if (own?.kind !== 'choice') return null;
  const passed = choices.flatMap((s) => (s.kind === 'choice' && s.taken === false ? [s.odds] : []));
  const before = passed.length === 0 ? null : passed.reduce(times);
  return before === null ? { whole: own.odds, words: '' } : { whole: times(before, own.odds), words: `passed by the rules before it on ${printFraction(before)}, times ${printFraction(own.odds)}` };
}

function Line({ line, odds, gone, node }: { readonly line: CardLine; readonly odds: Odds | null; readonly gone: boolean; readonly node: string }): ReactNode {
  const select = useWorld((w) => w.actions.select);
  return (
    <li className={`r ${line.hit ? 'hit' : ''} ${line.nat ? 'nat' : ''} ${line.hit && !gone ? 'later' : ''}`}>
      <i>{line.n}</i>
      {line.hit ? <button type="button" className="tx" onClick={() => select({ kind: 'cause', key: `${node} ${line.rule}` })}><RuleWords text={line.text} nat={line.nat} /></button> : <span className="tx">{line.text}</span>}
      {odds === null ? null : <span className="odds-line"><span className="odd">{printFraction(odds.whole)}</span>{odds.words}</span>}
    </li>
  );
}

/** Brings the card of the rule that is being read into the list's view, and again when the list's words take another size (a font that arrives, a window that is resized). */
function useInView(current: boolean): RefObject<HTMLElement | null> {
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    const list = card.current?.parentElement ?? null;
    if (!current || card.current === null || list === null) return undefined;
    const [own, from] = [card.current, list.scrollTop];
    // from where the list stood before, so that the place does not tell in how many steps the sizes came
    const show = (): void => {
      // by the layout, not by what is painted: while the view grows in, every box on the screen is smaller
      const top = own.offsetTop - list.offsetTop - list.clientTop - from;
      const bottom = top + own.offsetHeight;
      const below = bottom > list.clientHeight - 8 ? Math.min(bottom - list.clientHeight + 12, top - 8) : 0;
      // the list alone scrolls; scrollIntoView would move the whole stage
      list.scrollTop = from + (below === 0 && top < 0 ? top - 12 : below);
    };
    show();
    const sized = new ResizeObserver(show);
    for (const one of [list, ...list.children]) sized.observe(one);
    return () => sized.disconnect();
  }, [current]);
  return card;
}

function Card({ card, stay, node, current }: { readonly card: ChainCard; readonly stay: Stay; readonly node: string; readonly current: boolean }): ReactNode {
  return (
    <section ref={useInView(current)} className={`ch ${current ? 'cur' : ''}`} aria-label={card.name}>
      <header><code>{card.name}</code><span>{card.table}</span></header>
      <ol>{card.lines.map((line) => <Line key={line.rule} line={line} odds={line.hit ? oddsOf(stay, line.rule) : null} gone={line.step !== null && line.step <= stay.step} node={node} />)}</ol>
      {card.omitted > 0 ? <p className="hint">{card.omitted} more rules</p> : null}
    </section>
  );
}

/** The chains that decided about the packet on this node, as their tool prints them. */
export function Chains({ lines, stay, node }: { readonly lines: readonly RuleLine[]; readonly stay: Stay | null; readonly node: string }): ReactNode {
  const hop = stay?.hop ?? null;
  const cards = useMemo(() => (hop === null ? [] : decidingChains(hop, lines)), [hop, lines]);
  const current = cards.findLast((card) => stay !== null && card.step <= stay.step);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <section className="inside-chains" aria-label="Rules that decided" data-keys="canvas" tabIndex={0}>
      <h2>Rules that decided <span>{labelOf(node).toLowerCase()}</span></h2>
      {stay === null ? <p className="hint">No packet on stage comes here. Send one to see which rules decide.</p> : cards.length === 0 ? <p className="hint">No rule decided about it here: nothing stood in its way.</p> : null}
      {stay === null ? null : cards.map((card) => <Card key={card.chain} card={card} stay={stay} node={node} current={stay.here && card === current} />)}
    </section>
  );
}
