import { layoutIn, splitLayout } from '../../shared/api/layout-file.ts';
import { create, type StoreApi } from 'zustand';
import type { Output } from '../../shared/api/contract.ts';
import type { Host } from '../host/host.ts';
import { stillTravelling, type Companion } from '../playback/companions.ts';
import { playbackCursor, usePlayback } from '../playback/playback.ts';
import { nextChoosing, type ChoosingEvent } from './choosing.ts';
import { editingActions, refreshHistory } from './editing.ts';
import { keepLayout, keptLayout } from './kept-layouts.ts';
import { keptPackets } from './kept-packets.ts';
import { mergeDocuments } from './merge-documents.ts';
import { isPolicyId } from './policies.ts';
import { isComplete, titleOfRequest, toProbe } from './request-words.ts';
import { clearPlayback, loadBranch } from './stage.ts';
import { emptyRequest, noOffers, type SentPacket, type WorldActions, type WorldStore } from './world-store.ts';
import { textsNow } from './texts-now.ts';
import type { Request, World } from './world.ts';

type Store = Pick<StoreApi<WorldStore>, 'getState' | 'setState'>;
type Part<K extends keyof WorldActions> = Pick<WorldActions, K>;

let host: Host | null = null;
/** The last question about offers: a request that is sent before its answer waits for the port. */
let offersAsked: Promise<void> = Promise.resolve();

/** The host in use; throws before there is one, which is our own bug. */
export function currentHost(): Host {
  if (host === null) throw new Error('the world was used before a host was attached');
  return host;
}

const sentence = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : 'The engine did not answer');

const offStage = { answer: null, timeline: null, branch: 0, stale: false, packet: null, again: null } as const;

const nothing: Omit<WorldStore, 'actions'> = {
  opened: null,
  opening: false,
  engine: null,
  request: emptyRequest,
  offers: noOffers,
  asking: false,
  ...offStage,
  selection: null,
  hovered: null,
  choosing: 'browsing',
  lit: null,
  about: null,
  incoming: null,
  drafts: {},
  draftProblems: null,
  packets: [],
  edition: 0,
  changed: 'opened',
  history: { entries: [], current: null },
  notice: null,
  again: null,
  failure: null,
};

function openingActions({ getState, setState }: Store): Part<'open' | 'offer' | 'acceptIncoming' | 'dismissIncoming'> {
  return {
    open: async (given, title, arranged) => {
      const { manifests: documents, layout } = splitLayout(given);
      const sidecar = layout ?? arranged ?? keptLayout(title, documents);
      setState({ opening: true, failure: null });
      try {
        const opened = await currentHost().engine.open({ documents, title, ...(sidecar === null ? {} : { sidecar }) });
        clearPlayback();
        setState((was) => ({ ...nothing, engine: was.engine, opened, edition: was.edition + 1, choosing: 'source' }));
        await Promise.all([currentHost().shell.setTitle({ title, edited: false }), refreshHistory({ getState, setState }, currentHost())]);
        return true;
      } catch (thrown) {
        setState({ opening: false, failure: sentence(thrown) });
        return false;
      }
    },
    offer: async ({ documents, title, skipped = [] }) => {
      setState({ incoming: { documents, title, skipped, preview: null }, failure: null });
      try {
        const preview = await currentHost().engine.preview({ documents: splitLayout(documents).manifests });
        const { incoming } = getState();
        if (incoming?.documents === documents) setState({ incoming: { ...incoming, preview } });
      } catch (thrown) {
        setState({ incoming: null, failure: sentence(thrown) });
      }
    },
    acceptIncoming: async (how) => {
      const { incoming, opened, actions } = getState();
      if (incoming === null) return;
      setState({ incoming: null });
      const merging = how === 'merge' && opened !== null;
      await actions.open(merging ? mergeDocuments(textsNow(getState()), incoming.documents) : incoming.documents, merging ? opened.title : incoming.title, merging && opened.sidecar !== undefined ? layoutIn(opened.sidecar) : undefined);
    },
    dismissIncoming: () => setState({ incoming: null }),
  };
}

/** Asks what the destination offers and settles on a port: the one named if there is one, else the first offered. */
async function refreshOffers({ getState, setState }: Store): Promise<void> {
  const { to } = getState().request;
  if (to.trim() === '') return setState({ offers: noOffers });
  let answered: Output<'offers'>;
  try {
    answered = await currentHost().engine.offers({ to });
  } catch {
    answered = { offers: noOffers };
  }
  const { request } = getState();
  if (request.to !== to) return;
  const first = answered.offers[0];
  const settled = request.port === null && request.protocol !== 'icmp' && first !== undefined ? { ...request, port: first.port, protocol: first.protocol } : request;
  setState({ offers: answered.offers, request: settled });
}

function requestActions(store: Store): Part<'setRequest' | 'chooseSource' | 'chooseDestination' | 'startChoosing' | 'pick'> {
  const { getState, setState } = store;
  const step = (type: ChoosingEvent['type']): void => setState((was) => ({ choosing: nextChoosing(was.choosing, { type }) }));
  const setRequest = (part: Partial<Request>): void => {
    const before = getState().request;
    const moved = part.to !== undefined && part.to !== before.to;
    const request = { ...before, ...(moved ? { port: null, protocol: before.protocol === 'icmp' ? ('icmp' as const) : ('tcp' as const) } : {}), ...part };
    setState({ request, failure: null, ...(moved ? { offers: noOffers } : {}) });
    if (moved) offersAsked = refreshOffers(store);
  };
  const chooseSource = (id: string): void => {
    setRequest({ from: id });
    step(getState().request.to === '' ? 'picked' : 'pickedLast');
  };
  const chooseDestination = (id: string): void => {
    setRequest({ to: id });
    if (getState().request.from === '') step('source');
    else step('pickedLast');
  };
  return {
    setRequest,
    chooseSource,
    chooseDestination,
    startChoosing: (kind) => step(kind === 'browsing' ? 'cancel' : kind),
    pick: (id) => {
      const { choosing, actions } = getState();
      if (isPolicyId(id)) return actions.select({ kind: 'thing', id });
      // a Service has no network of its own: nothing can be sent from it
      if (choosing === 'source' && !id.startsWith('service/')) return chooseSource(id);
      if (choosing === 'destination') return chooseDestination(id);
      actions.select({ kind: 'thing', id });
    },
  };
}

/** What is under way on the stage while another packet is sent. */
function underWay({ answer, branch, timeline, packet, stale }: WorldStore): readonly Companion[] {
  const playback = usePlayback.getState();
  if (answer === null || timeline === null || packet === null || stale || playback.timeline !== timeline) return [];
  return stillTravelling({ id: packet, answer, branch, timeline }, playback.status, playbackCursor.ms());
}

/** The next frame, or 100 ms in a window that is hidden and draws none. */
const nextFrame = (): Promise<unknown> => new Promise((go) => {
  requestAnimationFrame(go);
  setTimeout(go, 100);
});

const put = (was: WorldStore, packet: SentPacket, branch: number, beside: readonly Companion[] = []): Partial<WorldStore> => ({
  answer: packet.answer,
  branch,
  packet: packet.id,
  request: packet.request,
  again: null,
  notice: null,
  // gone back to the moment after it, the cluster is again the one that it was sent in
  stale: packet.edition !== was.edition && (packet.entry === undefined || packet.entry !== was.history.current),
  timeline: loadBranch(packet.answer, branch, beside),
  selection: null,
  choosing: 'browsing',
});

function sendingActions({ getState, setState }: Store): Part<'send' | 'playBranch' | 'reopen' | 'clearStage'> {
  return {
    send: async () => {
      if (getState().asking || !isComplete(getState().request)) return;
      setState({ asking: true, failure: null });
      try {
        await offersAsked;
        const { request } = getState();
        const answer = await currentHost().engine.ask({ probe: toProbe(request), remember: true });
        if (answer.journey.branches.length === 0) return setState({ asking: false, failure: 'That question cannot be asked of this cluster' });
        setState((was) => {
          const packet: SentPacket = { id: (was.packets.at(-1)?.id ?? 0) + 1, edition: was.edition, request, answer, title: titleOfRequest(request) };
          return { ...put(was, packet, 0, underWay(was)), asking: false, packets: keptPackets([...was.packets, packet]) };
        });
        // the map shows the way before the timeline is read
        await nextFrame();
        await refreshHistory({ getState, setState }, currentHost(), (was, { current }) => ({ packets: was.packets.map((packet) => (packet.id === was.packet && packet.entry === undefined && current !== null ? { ...packet, entry: current } : packet)) }));
      } catch (thrown) {
        setState({ asking: false, failure: sentence(thrown) });
      }
    },
    playBranch: (branch) => {
      const { answer } = getState();
      if (answer?.journey.branches[branch] === undefined) return;
      setState({ branch, timeline: loadBranch(answer, branch), selection: null });
    },
    reopen: (id) => setState((was) => {
      const packet = was.packets.find((one) => one.id === id);
      return packet === undefined ? {} : put(was, packet, 0);
    }),
    clearStage: () => {
      clearPlayback();
      setState(offStage);
    },
  };
}

function lookingActions({ setState }: Store): Part<'select' | 'hover' | 'lightUp' | 'lightSpan' | 'fail'> {
  return {
    select: (selection) => setState({ selection, lit: null }),
    hover: (hovered) => setState({ hovered }),
    lightUp: async (ref, field) => {
      setState({ about: ref });
      try {
        const { at } = await currentHost().engine.locate(field === undefined ? { ref } : { ref, field });
        setState({ lit: at });
      } catch (thrown) {
        setState({ failure: sentence(thrown) });
      }
    },
    lightSpan: (lit) => setState({ lit }),
    fail: (failure) => setState({ failure }),
  };
}

/** The one store of the screen: a mirror of what the engine said, and what the person is doing with it. */
export const useWorld = create<WorldStore>()((setState, getState) => {
  const store: Store = { setState: setState as Store['setState'], getState };
  const editing = editingActions(store, { host: currentHost, refreshOffers: () => refreshOffers(store) });
  return { ...nothing, actions: { ...openingActions(store), ...editing, ...requestActions(store), ...sendingActions(store), ...lookingActions(store) } };
});

// how the map is arranged outlives the window, whatever changed it: a gesture, undo, a step along the timeline
useWorld.subscribe(({ opened }, before) => {
  if (opened !== null && before.opened !== null && opened.sidecar !== before.opened.sidecar && opened.title === before.opened.title) keepLayout(opened);
});

/** Gives the store its engine and shell; returns the way to let go of them. */
export function attachHost(given: Host): () => void {
  host = given;
  return given.onNotice((engine) => useWorld.setState({ engine: engine.notice === 'ready' ? null : engine }));
}

/** Forgets everything, as at the start; for tests. */
export const resetWorld = (): void => useWorld.setState(nothing satisfies Partial<WorldStore> & Partial<World>);
