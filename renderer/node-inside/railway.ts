import type { Hook } from '../../shared/dataplane/rules.ts';
import type { Hop, Step } from '../../shared/trace/types.ts';

/** A place on the railway: a table at a hook, an interface on the way in or out, the routing decision, the node's own sockets. */
export type StopId = string;
/** A stop that the packet came to, and the step of the hop that brought it there. */
export interface Visit { readonly stop: StopId; readonly step: number; readonly rewritten: boolean }
/** One way through the node's hooks. An encapsulated packet makes two: inside its wrapping, and without it. */
export interface Pass { readonly visits: readonly Visit[]; readonly wrapped: boolean }

export const hookNames: Readonly<Record<Hook, string>> = { prerouting: 'PREROUTING', input: 'INPUT', forward: 'FORWARD', output: 'OUTPUT', postrouting: 'POSTROUTING' };

/** The tables that stand at each hook, in the order of their priorities (iptables(8), netfilter_ipv4.h); kube-proxy's nftables table has its chains at some of them. */
export function tablesAt(hook: Hook, nftables: boolean): readonly string[] {
  if (nftables) return { prerouting: ['conntrack', 'filter', 'nat'], input: ['filter'], forward: ['filter'], output: ['nat', 'filter'], postrouting: ['nat'] }[hook];
  return { prerouting: ['raw', 'conntrack', 'mangle', 'nat'], input: ['mangle', 'filter'], forward: ['mangle', 'filter'], output: ['nat', 'filter'], postrouting: ['mangle', 'nat'] }[hook];
}

/** `ip/nat/KUBE-SERVICES` is of table nat; in nftables the base chain that is running says it (`nat-prerouting`). */
function tableOf(chain: string, running: string): string {
  const [, table = '', name = ''] = chain.split('/');
  if (table === 'nat' || table === 'filter' || table === 'mangle' || table === 'raw') return table;
  const said = /^(nat|filter|mangle|raw)-/.exec(name)?.[1];
  return said ?? (running === '' ? 'filter' : running);
}

interface Reading { pass: { stop: StopId; step: number; rewritten: boolean }[]; passes: Pass[]; wrapped: boolean; entered: boolean; routed: boolean; running: string; readonly nftables: boolean }

const stations = (r: Reading, hook: Hook): readonly StopId[] => tablesAt(hook, r.nftables).map((table) => `${hookNames[hook]}:${table}`);

/** Comes to a stop, by way of the tables of its hook that said nothing. */
function reach(r: Reading, stop: StopId, step: number): void {
  if (r.pass.some((v) => v.stop === stop)) return;
  const [hook = '', table] = stop.split(':');
  const upTo = table === undefined || hook === 'in' || hook === 'out' ? [] : stations(r, hook.toLowerCase() as Hook);
  for (const one of upTo.slice(0, Math.max(0, upTo.indexOf(stop)))) if (!r.pass.some((v) => v.stop === one)) r.pass.push({ stop: one, step, rewritten: false });
  r.pass.push({ stop, step, rewritten: false });
}

const reachAll = (r: Reading, hook: Hook, step: number): void => {
  for (const stop of stations(r, hook)) if (!r.pass.some((v) => v.stop === stop)) r.pass.push({ stop, step, rewritten: false });
};

function endPass(r: Reading): void {
  if (r.pass.length > 0) r.passes.push({ visits: r.pass, wrapped: r.wrapped });
  Object.assign(r, { pass: [], entered: false, routed: false, running: '' });
}

function readEnd(r: Reading, step: Extract<Step, { kind: 'enter' | 'leave' }>, i: number): void {
  if (step.kind === 'enter') {
    if (r.pass.length > 0) endPass(r);
    r.entered = true;
    return reach(r, `in:${step.link}`, i);
  }
  if (r.routed) reachAll(r, r.entered ? 'forward' : 'output', i);
  if (r.routed) reachAll(r, 'postrouting', i);
  reach(r, `out:${step.link}`, i);
}

function readRewrite(r: Reading, by: string, i: number): void {
  const hook = by !== 'conntrack' ? null : !r.entered ? 'OUTPUT' : r.routed ? 'POSTROUTING' : 'PREROUTING';
  const stop = hook === null ? r.pass.at(-1)?.stop : `${hook}:nat`;
  if (stop === undefined) return;
  if (hook === 'POSTROUTING') reachAll(r, 'forward', i);
  reach(r, stop, i);
  const visit = r.pass.find((v) => v.stop === stop);
  if (visit !== undefined) visit.rewritten = true;
}

function readRoute(r: Reading, i: number): void {
  r.routed = true;
  if (!r.entered) return reach(r, 'sockets', i);
  reachAll(r, 'prerouting', i);
  reach(r, 'route', i);
}

function readStep(r: Reading, step: Step, i: number): void {
  switch (step.kind) {
    case 'enter':
    case 'leave':
      return readEnd(r, step, i);
    case 'originate':
      return reach(r, 'sockets', i);
    case 'conntrack':
      return reach(r, r.entered ? 'PREROUTING:conntrack' : 'sockets', i);
    case 'rule':
    case 'policy':
      r.running = tableOf(step.chain, step.chain.includes('/nat-') || step.chain.includes('/filter-') ? '' : r.running);
      if (step.hook === 'postrouting' && r.entered && r.routed) reachAll(r, 'forward', i);
      return reach(r, `${hookNames[step.hook]}:${r.running}`, i);
    case 'rewrite':
      return readRewrite(r, step.by, i);
    case 'route':
      return readRoute(r, i);
    case 'encap':
      endPass(r);
      r.wrapped = true;
      return reach(r, 'sockets', i);
    case 'decap':
    case 'deliver':
    case 'proxy':
    case 'socket-lb':
      if (r.entered && r.routed) reachAll(r, 'input', i);
      reach(r, 'sockets', i);
      if (step.kind === 'decap') {
        r.passes.push({ visits: r.pass, wrapped: true });
        Object.assign(r, { pass: [], entered: false, routed: false, running: '' });
      }
      return;
    default:
      return;
  }
}

/** A hop as ways along the node's hooks, stop by stop; it ends where the packet did. */
export function passesOf(hop: Hop, nftables: boolean): readonly Pass[] {
  const r: Reading = { pass: [], passes: [], wrapped: false, entered: false, routed: false, running: '', nftables };
  hop.steps.forEach((step, i) => readStep(r, step, i));
  endPass(r);
  return r.passes;
}

/** The stop where the packet is after this step of the hop: which pass, which visit; null before the first. */
export function visitAt(passes: readonly Pass[], step: number): { readonly pass: number; readonly visit: number } | null {
  let found: { pass: number; visit: number } | null = null;
  passes.forEach(({ visits }, pass) => visits.forEach((v, visit) => {
    if (v.step <= step) found = { pass, visit };
  }));
  return found;
}
