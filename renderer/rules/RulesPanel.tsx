import { useEffect, useMemo, type ReactNode } from 'react';
import type { NetnsId } from '../../shared/dataplane/ids.ts';
import { usePlayback } from '../playback/playback.ts';
import { labelOf } from '../scene/labels.ts';
import { useWorld } from '../state/use-world.ts';
import { hitsOn, hostsMet, type Hits } from './hits.ts';
import { listLines, shownLines } from './listing.ts';
import { ModePreview } from './ModePreview.tsx';
import { RuleDetail } from './RuleDetail.tsx';
import { RulesList } from './RulesList.tsx';
import { RulesTools } from './RulesTools.tsx';
import { loadText, textKey, useRules } from './use-rules.ts';
import './rules.css';

/** Nodes first, then whoever else's rules the packet met. */
function useHosts(): { readonly hosts: readonly NetnsId[]; readonly met: readonly NetnsId[] } {
  const nodes = useWorld((world) => world.opened?.cluster.nodes);
  const answer = useWorld((world) => world.answer);
  const branch = useWorld((world) => world.branch);
  return useMemo(() => {
    const met = hostsMet(answer?.journey.branches[branch]).filter((id) => !id.startsWith('pod/'));
    return { met, hosts: [...new Set([...(nodes ?? []).map(({ name }) => `node/${name}`), ...met])] };
  }, [nodes, answer, branch]);
}

/** The host that the packet was last at, of those whose rules it meets. */
function usePacketHost(met: readonly NetnsId[]): NetnsId | null {
  const timeline = useWorld((world) => world.timeline);
  const moment = usePlayback((playback) => playback.moment);
  const passed = timeline?.moments.slice(0, moment + 1) ?? [];
  return passed.findLast(({ netns }) => met.includes(netns))?.netns ?? met[0] ?? null;
}

/** The id of what happens right now, where it happens on this host. */
function useNow(netns: NetnsId): string | null {
  const timeline = useWorld((world) => world.timeline);
  const moment = usePlayback((playback) => playback.moment);
  const cause = timeline?.moments[moment]?.cause;
  return cause?.startsWith(`${netns} `) === true ? cause.slice(netns.length + 1) : null;
}

function Listing({ netns, hits }: { readonly netns: NetnsId; readonly hits: Hits }): ReactNode {
  const { text, search, onlyMet, chosen, listing, failure } = useRules();
  const edition = useWorld((world) => world.edition);
  const now = useNow(netns);
  useEffect(() => void loadText(netns), [netns, edition, listing]);
  const printed = text?.key === textKey(edition, netns, listing) ? text.printed : null;
  const listed = useMemo(() => (printed === null ? [] : listLines(printed.lines, printed.format)), [printed]);
  const shown = useMemo(() => shownLines(listed, search, onlyMet && hits.size > 0 ? hits : null), [listed, search, onlyMet, hits]);
  const filtered = shown.lines.length < listed.length;
  if (failure !== null) return <p className="rules-empty">{failure}</p>;
  if (printed === null) return <p className="rules-empty">Printing the rules of {labelOf(netns)}…</p>;
  if (listed.length === 0) return <p className="rules-empty">{labelOf(netns)} has nothing of this kind.</p>;
  return (
    <div className={`rules-body ${chosen === null ? '' : 'with-side'}`}>
      <div className="rules-main">
        <output className="visually-hidden">{filtered ? `${shown.found} lines found` : ''}</output>
        {shown.found === 0 ? <p className="rules-empty">No line fits.</p> : (
          <RulesList label={`Rules of ${labelOf(netns)}`} lines={shown.lines} hits={hits} now={now} chosen={chosen} choose={({ id }) => useRules.setState({ chosen: id })} drop={() => useRules.setState({ chosen: null })} />
        )}
      </div>
      {chosen !== null && <RuleDetail netns={netns} id={chosen} hits={hits} />}
    </div>
  );
}

/** A host's kernel text with what the packet on stage met: numbered, counted, and each line's cause a click away. */
export function RulesPanel(): ReactNode {
  const { netns: picked, preview, text } = useRules();
  const mode = useWorld((world) => world.opened?.cluster.settings.proxyMode ?? 'iptables');
  const answer = useWorld((world) => world.answer);
  const branch = useWorld((world) => world.branch);
  const given = useWorld((world) => world.opened?.nodeRules);
  const { hosts, met } = useHosts();
  const here = usePacketHost(met);
  const netns = picked !== null && hosts.includes(picked) ? picked : here ?? given?.[0]?.netns ?? hosts[0] ?? null;
  const hits = useMemo(() => hitsOn(netns === null ? undefined : answer?.journey.branches[branch], netns ?? ''), [answer, branch, netns]);
  if (netns === null) return <p className="rules-empty">There is no node.</p>;
  return (
    <div className="rules">
      <RulesTools netns={netns} hosts={hosts} format={text?.printed.format ?? (mode === 'nftables' ? 'nft' : 'iptables-save')} met={hits.size} files={given?.find((one) => one.netns === netns)?.files ?? []} />
      {preview !== null ? <ModePreview preview={preview} /> : <Listing netns={netns} hits={hits} />}
    </div>
  );
}
