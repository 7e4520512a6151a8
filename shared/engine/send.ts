import { addFractions, complement, one, zero, type Fraction } from '../base/fraction.ts';
import type { Dataplane } from '../dataplane/netns.ts';
import type { Flow, Trace } from '../trace/types.ts';
import { exploringChooser, samplingChooser, type Chooser } from './choose.ts';
import { nextConntrack } from './conntrack.ts';
import { maxBranches, maxTotalWork } from './limits.ts';
import type { NetState, SendBranch, SendMode, SendResult } from './types.ts';
import { planeOf, viewOf, type PlaneView } from './views.ts';
import { createWalk, type Run, type Walk } from './walk-state.ts';
import { walkIn, walkOut, walkStraight } from './walk.ts';

/** Kernels that remember nothing, at virtual time `now` (milliseconds). */
export const emptyState = (now = 0): NetState => ({ now, conntrack: {}, recent: {}, dynamicSets: {}, counters: {} });

const traceOf = (w: Walk, flow: Flow): { flow: Flow; hops: Trace['hops']; outcome: Trace['outcome'] } => {
  if (w.outcome === null) throw new Error('a walk ended without an outcome');
  return { flow, hops: w.hops as unknown as Trace['hops'], outcome: w.outcome };
};

/** The answer's way back through the same kernels. */
function walkAnswer(run: Run, asked: Walk): Trace | undefined {
  const { answer } = asked;
  if (answer === null) return undefined;
  const w = createWalk(run, answer.ns, answer.packet, true);
  if (answer.conn !== null) {
    w.conn = answer.conn;
    w.reply = answer.reply;
    w.ct = 'related';
  }
  if (answer.straightTo === undefined) walkOut(w);
  else walkStraight(w, answer.straightTo);
  return traceOf(w, { from: answer.ns.id, packet: answer.packet });
}

function runOnce(run: Run): Trace {
  const { flow } = run;
  const ns = viewOf(run.plane, flow.from);
  if (!ns) throw new RangeError(`no namespace ${flow.from}`);
  const w = createWalk(run, ns, flow.packet, false);
  if (flow.ingress === undefined) walkOut(w);
  else walkIn(w, flow.ingress);
  const reply = walkAnswer(run, w);
  const trace = traceOf(w, flow);
  return reply === undefined ? trace : { ...trace, reply };
}

const createRun = (plane: PlaneView, flow: Flow, state: NetState, chooser: Chooser): Run => ({ plane, flow, state, chooser, conns: [], recent: null, dynamicSets: null, counters: null, work: 0, sent: null });

function nextState(run: Run): NetState {
  const { state } = run;
  const recent = run.recent === null ? state.recent : Object.fromEntries([...Object.entries(state.recent).filter(([key]) => !run.recent!.has(key)), ...[...run.recent].filter((e): e is [string, number] => e[1] !== null)]);
  return {
    now: state.now,
    conntrack: run.conns.length === 0 ? state.conntrack : nextConntrack(run),
    recent,
    dynamicSets: run.dynamicSets === null ? state.dynamicSets : { ...state.dynamicSets, ...Object.fromEntries(run.dynamicSets) },
    counters: run.counters === null ? state.counters : { ...state.counters, ...Object.fromEntries(run.counters) },
  };
}

function sample(plane: PlaneView, flow: Flow, state: NetState, seed: number): SendResult {
  const run = createRun(plane, flow, state, samplingChooser(seed));
  const trace = runOnce(run);
  return { branches: [{ odds: one, trace, state: nextState(run) }] };
}

/** The part of the odds that nobody followed, as one branch that says so. */
function unexplored(flow: Flow, state: NetState, odds: Fraction, why: string): SendBranch {
  return { odds, state, trace: { flow, hops: [{ netns: flow.from, steps: [{ kind: 'originate', packet: flow.packet }] }], outcome: { kind: 'unmodelled', what: why } } };
}

function explore(plane: PlaneView, flow: Flow, state: NetState): SendResult {
  const chooser = exploringChooser();
  const branches: SendBranch[] = [];
  let sum = zero;
  let work = 0;
  do {
    if (branches.length >= maxBranches || work > maxTotalWork) {
      const limited = `more than ${branches.length} branches: the rest was not followed`;
      return { branches: [...branches, unexplored(flow, state, complement(sum), limited)] as unknown as SendResult['branches'], limited };
    }
    const run = createRun(plane, flow, state, chooser);
    const trace = runOnce(run);
    const odds = chooser.odds();
    sum = addFractions(sum, odds);
    work += run.work;
    branches.push({ odds, trace, state });
  } while (chooser.next());
  return { branches: branches as unknown as SendResult['branches'] };
}

/** Sends one packet and follows it and its answer: every way it could go with exact odds that sum to 1 (`all`, state unchanged), or the one that the seed picks (`sample`, with what the kernels then remember). Throws only for a namespace or link that does not exist. */
export function send(dataplane: Dataplane, flow: Flow, state: NetState, mode: SendMode): SendResult {
  return sendOn(planeOf(dataplane), flow, state, mode);
}

/** `send` with every chain walked rule by rule: slower, the same result; the yardstick of tests and benchmarks. */
export function sendNaively(dataplane: Dataplane, flow: Flow, state: NetState, mode: SendMode): SendResult {
  return sendOn(planeOf(dataplane, true), flow, state, mode);
}

const sendOn = (plane: PlaneView, flow: Flow, state: NetState, mode: SendMode): SendResult =>
  mode.mode === 'all' ? explore(plane, flow, state) : sample(plane, flow, state, mode.seed);
