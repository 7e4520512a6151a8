import type { Action, NatTo } from '../../dataplane/rules.ts';
import { accepted, broke, type Code } from '../codes.ts';
import type { Op, RuleContext } from '../compile-chain.ts';
import { keyReader } from '../match/fields.ts';
import { setupNat, type Manip } from '../nat.ts';
import { compileElements } from '../sets.ts';
import type { Walk } from '../walk-state.ts';
import { unmodelled } from './unmodelled.ts';

function translate(w: Walk, manip: Manip, to: NatTo, random: boolean): Code {
  // Without a connection (untracked, invalid) there is nothing to translate (xt_nat).
  if (w.conn !== null) setupNat(w, w.conn, manip, { ip: to.ip ?? null, ports: to.ports ?? null, random });
  return accepted;
}

const spansAddresses = (to: NatTo): boolean => to.maxIp !== undefined && to.maxIp !== to.ip;
// The kernel spreads over a range by a secret hash; ours would be a guess.
const rangeText = (to: NatTo): string => `NAT to the range ${to.ip}-${to.maxIp}`;

/** DNAT: a new destination for the connection. */
export const dnat = (to: NatTo): Op => (spansAddresses(to) ? unmodelled(rangeText(to)) : (w) => translate(w, 'dst', to, false));

/** SNAT: a new source for the connection; the port stays unless it clashes or `random`. */
export const snat = (to: NatTo, random: boolean): Op => (spansAddresses(to) ? unmodelled(rangeText(to)) : (w) => translate(w, 'src', to, random));

/** `dnat to KEY map { … }`: the destination that the map has for the key; without one the rule did not apply. */
export function dnatMap(action: Extract<Action, { kind: 'dnat-map' }>, { rule, sets }: RuleContext): Op {
  const set = typeof action.map === 'string' ? sets.named(action.map) : compileElements(action.map);
  if (!set) return unmodelled(`map ${JSON.stringify(action.map)} does not exist`);
  const read = keyReader(action.key, rule.id);
  return (w, compiled, hook) => {
    const key = read(w);
    const to = key === null ? undefined : set.find(key)?.to;
    if (!to) return broke;
    w.steps.push(compiled.makeStep(hook, { kind: 'dnat', to }));
    return translate(w, 'dst', to, false);
  };
}
