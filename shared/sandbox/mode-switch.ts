import type { RulesFormat } from '../api/shapes.ts';
import { ApiFailure } from '../api/failure.ts';
import type { ChainChange, ModePreview } from '../api/rules-contract.ts';
import { formatProblem } from '../base/problem.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import type { ProxyMode } from '../model/types.ts';
import { withProxyMode } from './edit-documents.ts';
import { lineChanges } from './line-changes.ts';
import { rulesText } from './rules-text.ts';
import { buildWorld, type World } from './world.ts';

/** Lines that one preview carries at most; the sums are of all. */
const linesShown = 4_000;
const listings: readonly (readonly [RulesFormat, 4 | 6])[] = [['iptables-save', 4], ['iptables-save', 6], ['nft', 4], ['ipset', 4], ['ipvsadm', 4]];

/** A host's text by where it stands: `iptables nat KUBE-SERVICES`, `ip6tables filter FORWARD`, `nft ip kube-proxy map service-ips`, `ipset`, `ipvsadm`. */
function byPlace(world: World, netns: NetnsId): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>();
  const put = (place: string, text: string): void => {
    const known = places.get(place);
    if (known) known.push(text);
    else places.set(place, [text]);
  };
  for (const [format, family] of listings) {
    let inside = '';
    let outer = '';
    for (const { text, rule } of rulesText(world, netns, format, family).lines) {
      if (format === 'ipset' || format === 'ipvsadm') put(format, text);
      else if (format === 'iptables-save') {
        if (text.startsWith('*')) outer = text.slice(1);
        else if (rule !== null) put(`${family === 6 ? 'ip6tables' : 'iptables'} ${outer} ${text.split(' ')[1]!}`, text);
      } else if (text.startsWith('table ')) outer = text.slice('table '.length, -' {'.length);
      else if (/^\t\S.* \{$/.test(text)) inside = text.slice(1, -' {'.length);
      else if (text.startsWith('\t\t')) put(`nft ${outer} ${inside}`, text.trim());
    }
  }
  return places;
}

/** What a host's kernel would lose and gain, place by place, where the cluster's proxy mode became this one. Changes nothing. */
export function previewMode(world: World, mode: ProxyMode, netns: NetnsId): ModePreview {
  if (!world.dataplane.netns(netns)) throw new ApiFailure('problem', `there is no host "${netns}"`);
  const next = buildWorld(withProxyMode(world.documents, mode), world.title, world.revision);
  const [before, after] = [byPlace(world, netns), byPlace(next, netns)];
  const sums = { removed: 0, added: 0, kept: 0 };
  const chains: ChainChange[] = [];
  let shown = 0;
  for (const where of new Set([...before.keys(), ...after.keys()])) {
    const { removed, added, kept } = lineChanges(before.get(where) ?? [], after.get(where) ?? []);
    sums.removed += removed.length;
    sums.added += added.length;
    sums.kept += kept;
    if (removed.length + added.length === 0) continue;
    const room = Math.max(0, linesShown - shown);
    const change: ChainChange = { where, removed: removed.slice(0, room), added: added.slice(0, Math.max(0, room - removed.length)) };
    shown += change.removed.length + change.added.length;
    if (room > 0) chains.push(change);
  }
  const known = new Set(world.problems.map(formatProblem));
  return { mode, from: world.cluster.settings.proxyMode, netns, ...sums, chains, omitted: sums.removed + sums.added - shown, problems: next.problems.filter((problem) => !known.has(formatProblem(problem))) };
}
